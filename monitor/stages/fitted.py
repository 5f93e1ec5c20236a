"""The coefficients and trees of `weights`, as `benchmarks.fit_grouping` found them."""

from __future__ import annotations

JOIN_AT = 0.55  # an editor merges in one step, but has to read to find what was joined wrongly

BY_WORDS = (
    -0.884,
    {
        "cosine": 0.597,
        "title_cosine": 0.245,
        "title_covered": 1.159,
        "title_covered_least": 1.691,
        "shared": 2.458,
        "rarest": -2.098,
        "second": 0.618,
        "third": -0.141,
        "names": 0.851,
        "is_nameless": 1.364,
        "numbers": 0.147,
        "numbers_differ": -0.617,
        "days": -3.161,
        "long_ago": 0.094,
        "is_old": -0.05,
        "both_texts": 0.755,
        "one_text": 2.307,
        "same_publisher": -1.182,
        "length": -1.922,
        "title_words": 0.334,
        "phrases": 6.445,
        "own_phrases": 2.557,
        "is_foreign": -0.554,
        "foreign_names": 1.222,
        "contained": -0.812,
        "names_contained": 0.146,
        "first_name": -0.143,
        "second_name": -0.252,
        "first_number": -0.017,
        "lead_name": 0.586,
        "either_lead_name": 0.836,
        "lead_cosine": 1.841,
        "lead_title": 0.888,
        "outage": 7.203,
        "same_page": 4.833,
    },
    -2.784,
    {
        "best": 0.214,
        "second": 0.088,
        "mean": 0.128,
        "centre": 2.387,
        "covered": 0.78,
        "size": -0.291,
        "quiet": -0.125,
        "agreeing": 0.822,
        "seen": 2.239,
        "is_single": -0.589,
        "centre_size": 0.569,
        "best_size": 0.032,
        "covered_size": -0.064,
        "margin": 0.207,
        "rivals": -0.229,
        "both_texts": -1.181,
        "both_texts_best": 0.219,
        "days": -0.91,
        "is_old": -0.045,
        "cosine": -1.147,
        "shared": 0.388,
        "is_foreign": 1.13,
        "foreign_best": 1.195,
        "burst": -0.066,
        "burst_best": 0.033,
        "burst_texts": -0.861,
        "outage": 2.838,
        "best_positive": -0.086,
        "best_single": 0.111,
        "one_text": -1.007,
        "days_texts": 0.438,
        "same_page": 3.51,
        "joining": 0.742,
        "joining_best": -0.17,
        "joining_days": -0.201,
        "joining_texts": -0.691,
        "joining_centre": 1.95,
        "meaning_margin": 4.309,
    },
    """
    margin<2 joining_days<0.1759 joining_best<-1.1951 joining<-0.777
    quiet<7.674 shared<2.7755 joining_days<-0.6386
        | -0.0483 0.1073 -0.0612 0.225 -0.1008 0.017 0.2544 0.052;
    margin<0.571 shared<3.2439 joining<-0.777 joining<-0.777
    quiet<4.6151 shared<2.3623 both_texts_best<-0
        | -0.0602 0.0244 -0.1227 0.0705 -0.0985 0.0366 -0.0785 0.0658;
    margin<0.571 joining<0.5184 joining_best<-1.1951 joining<-0.777
    quiet<7.674 mean<2.1048 joining_days<-0.6386
        | -0.0565 0.1635 -0.0615 0.2528 -0.0394 0.0275 0.1513 0.0282;
    joining<-0.777 shared<2.2237 joining_days<0.0289 margin<-1.6402
    rivals<1.0986 shared<1.7126 margin<0.571
        | -0.0314 -0.0962 0.0537 -0.0319 0.71 0.1211 -0.0433 0.0352;
    joining<-0.777 shared<2.2237 joining<0.0991 margin<-1.6402
    rivals<1.0986 burst_best<-0 margin<0.571
        | -0.0294 -0.0943 0.0474 -0.029 0.3939 0.0955 -0.04 0.0356;
    margin<-7.5992 covered_size<0.0636 margin<0.571 centre<0.0556
    joining_days<0.1759 shared<2.9093 best_single<-0
        | 0.0181 0.3203 0.0541 -0.0718 -0.0049 -0.0881 -0.0385 0.0288;
    joining<-0.777 shared<2.2237 joining_days<0.0289 margin<-1.6402
    rivals<1.0986 shared<2.5393 joining_texts<1.5599
        | -0.0272 -0.0926 0.0419 -0.0273 0.2288 0.0412 -0.0235 0.0711;
    margin<-7.5992 size<0.6931 margin<0.571 cosine<0.1556
    shared<1.4759 burst_texts<0.6931 seen<1
        | 0.255 0.0528 0.1243 -0.0458 -0.0091 -0.1171 0.0674 0.0059;
    joining_texts<1.5599 joining_days<0.1967 quiet<7.674 joining<-0.777
    margin<2 margin<-1.3224 best<inf
        | -0.0235 0.0484 -0.0542 0.0217 -0.0939 0.0807 0.3666 0;
    joining_texts<1.5599 both_texts_best<-0 quiet<7.674 joining_best<0.9039
    joining_best<1.6743 margin<-1.3224 margin<-1.9947
        | -0.1037 0.2384 0.0159 -0.0383 -0.0909 0.0754 0.4227 0.0755;
    joining_days<0.0848 joining<-0.777 joining_texts<1.5599 shared<2.2237
    shared<2.5393 shared<1.3198 second<-3.8081
        | -0.0736 0.0044 0.1682 0.02 0.1878 -0.0334 0.3471 0.0324;
    margin<-6.2148 covered_size<0.1178 margin<0.571 joining<2.0657
    joining_days<0.1759 shared<3.5291 joining_days<-0.6386
        | 0.1751 -0.0691 -0.0031 -0.077 -0.0098 -0.1153 0.0696 0.0039;
    joining<-0.777 shared<2.1587 joining_days<0.0848 margin<-4.967
    best_single<-2.736 both_texts<1 joining_texts<1.5599
        | 0.0599 -0.0825 0.1783 -0.0078 0.1198 -0.0128 -0.0257 0.0574;
    shared<1.3198 joining_days<-0.0758 joining_best<-1.1951 best<inf
    size<2.3979 joining_texts<1.5599 best<4.415
        | -0.0769 0 0.2797 0.0453 -0.0329 0.1769 0.0122 -0.0928;
    shared<1.3198 joining_days<-0.0758 joining_best<-1.1951 best<inf
    size<2.3979 joining_texts<1.5599 joining_best<1.6743
        | -0.0754 0 0.2339 0.0425 -0.03 0.1427 0.0216 -0.0203;
    seen<0.1111 joining<1.6221 joining<-0.777 quiet<5.1705
    margin<-0.1894 shared<2.3623 joining<-0.1811
        | 0.059 -0.0534 -0.0863 -0.01 -0.0586 0.0094 0.1003 0.0009;
    covered<0.617 joining_days<0.1759 joining_days<-1.0278 joining<-0.777
    joining_texts<1.5599 quiet<1.1527 joining_best<-1.54
        | -0.0134 0.0394 -0.0324 0.0736 -0.0366 -0.1595 0.0756 -0.0627;
    shared<2.6559 quiet<4.6151 quiet<7.674 joining<-0.777
    best_single<-0 margin<0.571 rivals<1.0986
        | -0.0136 0.0646 0.0006 -0.06 -0.0604 0.0053 0.0028 0.2853;
    seen<0.1111 joining<1.6221 shared<2.6559 quiet<4.6151
    margin<-0.1894 quiet<4.6151 quiet<7.674
        | 0.0596 -0.0524 -0.0851 -0.0122 0.0315 -0.0309 -0.0169 0.1664;
    best_single<-4.8527 best<inf both_texts_best<-0 best<inf
    best<inf joining_days<1.3332 quiet<5.1705
        | 0.1605 0 0 0 -0.0802 0.1057 0.0105 -0.0337;
    centre<0.0298 margin<-0.6273 shared<1.3198 best<inf
    mean<-1.2358 joining_days<-0.0758 centre_size<0.967
        | -0.0755 0 -0.047 0.0425 -0.0487 0.1874 0.0025 -0.0709;
    centre<0.0227 size<3.989 shared<1.3198 best<inf
    margin<-2.3587 joining_days<-0.0758 best_single<-4.8527
        | -0.0826 0 -0.055 0.0187 -0.0537 0.1567 0.1504 -0.001;
    joining<0.7837 joining<-0.777 margin<0.571 shared<2.2237
    quiet<5.1705 joining_best<0.3313 second<3.2428
        | -0.0663 0.0056 0.084 -0.0441 -0.0148 -0.1031 0.0371 -0.0799;
    margin<-6.2148 size<0.6931 margin<0.571 joining_days<1.0862
    both_texts<1 burst_texts<0.6931 joining_days<-0.6386
        | 0.0826 0.2711 0.0138 -0.0875 -0.0067 -0.104 0.0633 0.0008;
    centre<0.2376 joining_days<0.1759 margin<-0.1894 joining<-0.777
    joining_days<1.0862 second<0.8119 shared<2.3623
        | -0.0144 0.0517 -0.0385 0.0552 -0.0223 -0.1361 -0.0896 0.0054;
    covered<0.617 both_texts_best<-0 joining_days<-1.0278 quiet<3.6109
    joining<-0.777 quiet<1.1527 joining<1.0862
        | -0.0732 0.1147 -0.0141 0.0184 -0.0383 -0.1536 0.0223 -0.0824;
    centre<0.0556 best_single<-4.8527 shared<2.6559 best<inf
    shared<1.3198 quiet<4.6151 rivals<1.3863
        | 0.0762 0 0.016 -0.055 0.0313 -0.0256 -0.0025 -0.0633;
    joining<0.7837 joining<-0.777 margin<-0.1894 shared<2.1587
    quiet<5.1705 joining_days<1.0862 centre_size<0.0549
        | -0.0704 0.0038 0.0736 -0.0403 -0.0622 0.0262 -0.0565 0.032;
    best_size<9.2192 joining<2.0657 joining_days<0.1759 margin<-3.2288
    margin<-1.3224 covered<0.4123 joining_days<0.9931
        | 0.0396 -0.0013 -0.1077 0.0587 0.0027 -0.1963 0.0548 -0.0905;
    centre<0.2376 covered<0.3157 margin<-0.1894 joining_days<0.1759
    days<0.2404 second<0.8119 shared<2.3623
        | 0.0163 -0.0237 0.0264 0.1547 -0.0207 -0.1248 -0.0852 0.0046;
    both_texts_best<-0 joining_texts<1.5599 joining<-0.777 joining_best<0.9039
    seen<0.8 joining<-1.5803 joining_centre<-0.0106
        | -0.1008 0.1709 -0.0594 0.1087 0.0162 -0.0424 0.0873 -0.0011;
    best_size<9.2192 joining<2.0657 joining<2.0657 margin<-6.2148
    margin<-1.3224 days<0.1367 shared<2.4413
        | 0.0557 0.0016 -0.1047 0.054 -0.156 0.001 0.0046 0.0722;
    both_texts_best<-0 is_old<1 quiet<5.1705 joining_texts<1.5599
    second<-4.5666 joining<-0.777 joining<1.0862
        | -0.0961 0.0102 0.1818 0.0057 -0.0148 0.0268 -0.0486 0.0188;
    covered<0.617 joining_days<-0.6386 joining_days<-1.0278 quiet<2.0692
    joining<-0.777 quiet<1.1527 joining_best<-1.54
        | 0.0824 -0.0558 -0.0297 0.0067 -0.0364 -0.1434 0.0714 -0.0446;
    joining<0.7837 margin<-0.9956 margin<-0.1894 quiet<5.1705
    shared<2.3623 joining_best<0.3313 size<1.3863
        | 0.068 -0.0403 -0.0475 0.0077 -0.0149 -0.0996 -0.0296 0.0355;
    shared<2.6559 joining<2.0657 rivals<1.3863 quiet<4.6151
    margin<-0.6273 joining_days<-0.3955 shared<2.7755
        | 0.0281 -0.0247 -0.0996 0.0474 0.0425 -0.0131 -0.1026 -0.0297;
    best_size<9.2192 joining<2.0657 joining<2.0657 joining<-0.777
    margin<-1.3224 days<0.1367 seen<0.5
        | -0.0116 0.0144 -0.0988 0.046 -0.1326 -0.0009 0.007 0.0696;
    centre<0.2376 covered<0.3157 joining_best<-0.0611 joining_days<0.1759
    joining<1.307 joining_best<-1.1951 days<0.1367
        | 0.0125 -0.0199 0.1098 0.0115 -0.0128 0.0409 -0.0629 -0.0123;
    joining_texts<1.5599 both_texts_best<-0 best_single<-1.9861 joining_best<0.9039
    joining_centre<0.519 best<inf margin<-1.3224
        | -0.0974 0.1459 0.0044 -0.1097 0.1709 0 -0.0481 0.0534;
    centre<0.0556 best_single<-4.8527 margin<-8.4377 best<inf
    days<0.1367 joining_best<0.3313 seen<1
        | 0.0558 0 -0.0187 -0.0759 0.0379 0.1813 0.0234 -0.0047;
    best_single<-2.736 days<0.6632 joining_days<-1.6115 margin<-2.7656
    quiet<2.0692 best_size<-1.289 joining<-1.5803
        | 0.0191 -0.0771 0.2095 0.0407 0.0077 -0.0871 0.0292 -0.0058;
    joining_best<1.6743 shared<1.3198 margin<0.571 second<-4.389
    joining<2.0657 best_single<-1.9861 centre_size<0.967
        | -0.0017 0.1268 0.0062 -0.0565 0.0031 -0.0896 0.0247 -0.0679;
    joining_texts<1.5599 both_texts_best<-0 size<2.5649 joining_best<0.9039
    joining_centre<0.519 days<0.2404 centre_size<0.967
        | -0.0951 0.125 0.0038 -0.0881 0.0041 0.0766 -0.0076 -0.1056;
    joining<-0.777 shared<2.1587 joining<0.3834 cosine<0.0976
    quiet<2.0692 both_texts_best<-0 margin<0.571
        | -0.0282 -0.0917 0.0136 -0.0791 -0.0831 0.0531 -0.0233 0.0152;
    mean<-0.627 covered<0.18 covered<0.1512 margin<-1.6402
    best_single<-2.736 joining<-1.5803 margin<-0.1894
        | 0.0207 -0.0269 0.1811 0.0156 0.1826 -0.0072 -0.0516 -0.0049;
    both_texts_best<-3.7049 quiet<1.1527 both_texts_best<-0 best<inf
    seen<0.8 joining_texts<1.5599 quiet<4.6151
        | -0.0615 0 -0.0531 0.2181 -0.0828 0.0465 0.0072 -0.0229;
    centre<0.2376 covered<0.3157 margin<-0.1894 joining_days<0.1967
    joining<1.307 second<0.8119 shared<2.3623
        | 0.0105 -0.0191 0.0944 0.0108 -0.0146 -0.1056 -0.0757 0.0042;
    joining<-0.777 shared<2.1587 joining_centre<-0.0305 margin<-4.967
    quiet<2.0692 quiet<3.6109 shared<1.3198
        | 0.0585 -0.0704 0.0113 -0.0769 0.1058 0.0021 0.0942 -0.0043;
    mean<-0.627 centre<0.1495 covered<0.1512 margin<-1.3224
    quiet<0.429 joining<-1.5803 margin<-0.1894
        | 0.0146 -0.0289 0.0612 0.0045 0.1534 -0.0074 -0.0461 -0.0058;
    best_single<-1.9861 rivals<1.0986 quiet<5.1705 joining_texts<0
    joining_days<1.0862 seen<1 seen<0.8
        | 0.1301 -0.0065 0.0376 0.2391 0.0328 -0.009 -0.0699 -0.0045;
    centre<0.0556 days_texts<1 shared<2.6559 days<0.1367
    best<inf quiet<2.992 mean<-4.5876
        | -0.0182 -0.0709 0.043 0 0.0253 -0.0153 0.1226 -0.0108;
    centre<0.0227 size<3.989 shared<1.3198 best<inf
    margin<-2.7656 joining_days<-0.0758 covered<0.617
        | -0.0745 0 -0.0293 0.0249 -0.0459 0.0954 0.0018 -0.0329;
    centre<0.0556 best_single<-4.8527 best_single<-2.736 best<inf
    days<0.1367 covered<0.18 joining_days<-1.6115
        | 0.04 0 -0.0165 -0.0693 0.0144 0.1411 -0.0686 0.0008;
    joining_best<5.847 best_single<-2.736 joining_days<0.1759 days<0.6632
    joining_days<-1.6115 agreeing<1 joining<1.6221
        | -0.0326 0.0762 -0.065 0.0002 -0.0991 0.0068 -0.0493 0.0745;
    joining_best<-1.1951 joining_days<1.0862 joining_best<-0.0611 best<1.8914
    size<0.6931 joining_days<-0.6386 seen<1
        | -0.0335 0.012 0.094 -0.0118 0.125 0.0134 0.0267 -0.0107;
    joining_texts<1.5599 both_texts_best<-0 size<2.5649 joining_best<0.9039
    joining_centre<0.2782 margin<-1.3224 centre_size<0.967
        | -0.0896 0.1083 0.006 -0.0313 -0.0087 0.0673 -0.0082 -0.0911;
    joining<-0.777 shared<2.3623 joining<0.3834 margin<-1.3224
    shared<2.5393 quiet<5.5722 margin<-0.6273
        | 0.0232 -0.0795 0.0684 -0.0082 0.0541 -0.0305 -0.0253 0.0115;
    mean<-0.627 quiet<4.6151 covered<0.1512 joining<-0.777
    joining<1.7901 joining<-1.5803 margin<-0.1894
        | -0.011 0.0277 -0.023 0.0806 0.133 -0.0078 -0.0422 -0.0048;
    centre<0.0227 size<3.989 shared<1.3198 best<inf
    best<inf centre_size<0.1647 mean<-5.6579
        | -0.071 0 -0.0007 0 0.0785 -0.0099 0.0846 -0.0009;
    shared<2.6559 cosine<0.3325 rivals<1.3863 joining<-0.777
    joining_best<0.3313 joining_days<-0.3955 shared<2.7755
        | -0.023 0.0164 0.1132 -0.0393 0.0385 -0.0099 -0.0934 -0.0206;
    centre<0.0556 margin<-4.358 margin<-9.3926 joining<0.0991
    joining_centre<-0.0106 joining_best<0.3313 seen<0.6364
        | 0.0181 -0.0677 -0.0706 0.0129 0.026 0.1605 0.0267 -0.0025;
    joining<-1.5803 margin<-0.9956 joining<-0.777 quiet<2.0692
    margin<0.571 cosine<0.3325 joining_centre<-0.0305
        | 0.1834 -0.0737 -0.0682 0.0169 -0.0507 0.021 0.0465 -0.0018;
    covered<0.617 joining_days<-0.6386 joining_days<-1.0278 margin<0.571
    rivals<1.7918 quiet<1.1527 joining_best<-1.54
        | -0.0211 0.0764 0.001 -0.0522 -0.0398 -0.1363 0.0681 -0.0253;
    best_single<-1.9861 margin<-3.2288 both_texts_best<-0 joining_best<0.3313
    second<-4.7378 joining_texts<1.5599 margin<2
        | 0.0179 0.1202 -0.0635 0.0107 -0.0743 0.0236 -0.0082 0.0137;
    second<3.2428 joining_best<-1.1951 rivals<1.0986 joining_days<1.0862
    margin<2 size<1.3863 margin<2
        | -0.0207 0.0253 -0.0025 0.0335 0.0036 -0.1371 -0.0555 0.0617;
    shared<2.6559 quiet<4.6151 rivals<1.3863 joining<-0.777
    seen<1 margin<-1.3224 joining<-0.777
        | -0.0071 0.0339 -0.0633 -0.0045 -0.0387 0.0058 -0.0784 -0.0081;
    centre<0.0428 size<3.989 joining_best<-8.5758 joining_days<0.1759
    margin<-2.3587 joining<1.7901 both_texts_best<-0
        | -0.0207 -0.0742 -0.0359 0.056 0.0219 0.1216 -0.0325 0.0029;
    mean<-0.627 centre<0.1495 shared<2.2237 margin<-1.3224
    quiet<0.429 joining_days<-0.0758 shared<2.6559
        | 0.0094 -0.0256 0.0531 0.0041 -0.0988 -0.0082 0.0369 -0.0148;
    joining<0.7837 margin<-0.9956 margin<-0.1894 quiet<5.5722
    shared<2.3623 quiet<6.6996 size<1.3863
        | 0.0493 -0.0416 -0.04 0.0026 -0.0392 0.049 -0.0257 0.0293;
    best_size<9.2192 joining<2.0657 joining<2.0657 joining<-0.777
    margin<-1.6402 agreeing<1 seen<0.5
        | -0.0078 0.0108 -0.0939 0.035 -0.0894 0.0256 -0.0032 0.0652;
    both_texts_best<-5.9344 best<inf cosine<0.0446 best<inf
    best<inf joining<0.9956 shared<1.3198
        | 0.0985 0 0 0 -0.072 -0.007 0.071 -0.0006;
    joining_best<5.847 joining<2.0657 joining_days<0.1759 best_single<-2.736
    margin<-1.6402 agreeing<1 joining<1.6221
        | 0.0335 0.001 -0.0909 0.0254 -0.0861 0.0077 -0.0382 0.0687;
    joining<-1.5803 centre_size<0.1976 joining<-0.777 quiet<2.0692
    burst_best<2.1257 cosine<0.3325 joining<0.5184
        | 0.0502 -0.0895 -0.1215 -0.0082 -0.047 0.0208 0.0225 -0.0067;
    joining_texts<1.5599 both_texts_best<-0 size<2.5649 joining_best<0.9039
    joining_centre<0.519 margin<-1.3224 joining<1.7901
        | -0.0866 0.0834 0.0028 -0.0639 -0.0062 0.0598 -0.0765 -0.0044;
    quiet<5.1705 seen<1 joining<1.0862 joining_days<-0.3955
    joining<1.7901 joining_centre<-0.1033 seen<0.8
        | 0.2052 0.0189 0.0004 -0.0591 0.0413 -0.0523 -0.0733 0.0589;
    second<-1.6882 mean<-1.2358 joining_days<-0.6386 days_texts<1
    joining_days<-1.0278 quiet<1.1527 joining_best<-3.9578
        | -0.0025 0.0491 -0.0746 0.0638 0.0782 -0.0694 0.0476 -0.016;
    centre<0.0227 size<3.989 shared<1.3198 best<inf
    best<inf second<-4.389 quiet<5.1705
        | -0.066 0 0.002 0 -0.0091 0.0689 0.0027 -0.0156;
    mean<-0.627 quiet<4.6151 covered<0.1512 seen<0.6364
    rivals<1.0986 joining_best<0.3313 cosine<0.1677
        | 0.0484 0.0039 -0.0378 0.0147 0.0781 -0.0271 0.0402 -0.0157;
    centre<0.0556 margin<-4.358 seen<0.6364 best_single<-4.8527
    joining_centre<-0.0106 quiet<2.992 joining_days<1.0862
        | 0.022 -0.0627 -0.0671 0.0136 0.0633 -0.0365 -0.0042 0.0263;
    best_single<-1.9861 margin<-0.6273 quiet<0.429 days<0.6632
    days<0.1367 days<0.3623 joining_best<-3.0923
        | -0.0135 0.0496 0.0521 -0.0557 -0.0051 0.0678 -0.0683 -0.0072;
    joining_texts<1.5599 both_texts_best<-0 size<2.5649 joining_best<0.9039
    joining<1.307 margin<-1.3224 joining<1.7901
        | -0.0846 0.0746 0.0051 -0.0227 -0.0084 0.0565 -0.0688 -0.0014;
    both_texts_best<-5.9344 best<inf cosine<0.0446 best<inf
    best<inf centre_size<0.0549 shared<1.3198
        | 0.0814 0 0 0 -0.0663 0.0037 0.06 -0.0005;
    best<-0.7861 mean<-1.2358 margin<2 covered<0.2257
    joining_days<-1.0278 joining_best<0.3313 joining_best<-1.1951
        | -0.0049 0.037 -0.0654 0.0693 0.003 -0.0557 -0.0265 0.024;
    second<3.2428 cosine<0.3325 rivals<1.0986 joining<-0.777
    quiet<1.1527 cosine<0.2637 margin<2
        | -0.0197 0.0054 0.0478 -0.0358 0.0326 -0.1012 -0.0418 0.0589;
    joining<-1.5803 centre_size<0.1976 joining<-0.777 quiet<2.0692
    burst_best<2.1257 shared<2.3623 joining<0.5184
        | 0.0442 -0.0876 -0.1172 -0.0092 -0.0656 -0.0051 0.0212 -0.0059;
    joining_days<-0.6386 seen<0.6364 joining_days<-0.1849 best<inf
    rivals<1.0986 margin<-0.9956 shared<3.0628
        | 0.1839 0 0.0366 -0.0422 0.0307 -0.0465 0.0089 -0.0126;
    seen<0.087 rivals<1.0986 quiet<4.6151 best<inf
    best_size<-4.3979 seen<1 joining<1.7901
        | 0.0098 0 -0.0166 -0.077 0.0325 -0.0032 -0.0201 0.0628;
    centre<0.0556 margin<-4.358 margin<-9.3926 joining<0.0991
    joining_centre<-0.0106 both_texts_best<-0 joining_best<-8.5758
        | 0.0107 -0.0619 -0.0641 0.0135 -0.0143 0.0963 0.085 -0.0002;
    best_single<-1.9861 joining_best<5.847 joining_best<0.9039 joining<-1.5803
    second<-4.7378 cosine<0.3325 margin<0.571
        | 0.0852 0.0075 -0.0774 0.024 -0.0041 0.0245 -0.0501 0.0073;
    best_size<9.2192 joining<2.0657 joining<2.0657 covered<0.4123
    margin<-1.6402 agreeing<1 seen<0.5
        | -0 0.0231 -0.085 0.026 -0.0675 0.0264 -0.0077 0.0606;
    covered<0.617 joining_days<-0.6386 joining_days<-1.0278 margin<0.571
    rivals<1.7918 best<inf joining_best<-1.54
        | -0.0178 0.0611 0.0007 -0.0458 -0.1066 0 0.0602 -0.0186;
    joining_texts<1.5599 both_texts_best<-0 joining_centre<0.114 joining_centre<-0.066
    quiet<7.1603 best<inf mean<-4.5876
        | 0.1237 -0.0731 0.0025 -0.049 -0.0516 0 0.1199 0.0155;
    centre<0.2376 covered<0.3157 days<0.2404 joining_days<0.1967
    seen<0.2 joining_best<-2.6926 quiet<0.429
        | 0.008 -0.0167 -0.0277 0.0548 0.0235 -0.0438 0.0437 -0.012;
    joining<-0.777 seen<0.6364 joining_centre<-0.066 joining_days<-0.3955
    shared<2.0068 quiet<4.6151 shared<1.5813
        | 0.2274 -0.0867 -0.0632 -0.0033 0.0766 0.0083 0.0358 -0.0026;
    joining_best<-1.1951 joining_days<1.0862 both_texts_best<-3.7049 best<1.8914
    size<0.6931 best<inf joining_best<-0.0611
        | -0.0279 0.0124 0.0554 -0.0094 0.1435 0 0.0215 -0.0036;
    second<-1.6882 joining_days<-1.0278 joining_days<-0.6386 rivals<0.6931
    centre<0.1495 rivals<1.0986 covered<0.4123
        | 0.0246 -0.0928 -0.0026 0.0355 0.0866 -0.0278 -0.0178 0.0137;
    covered<0.617 joining_days<-0.6386 joining_days<-1.0278 quiet<2.0692
    joining<-0.777 quiet<1.1527 cosine<0.3325
        | 0.0409 -0.04 -0.0196 0.0044 -0.0289 -0.1152 -0.0532 0.0127;
    quiet<4.6151 seen<1 seen<0.8 margin<-3.7692
    joining<1.7901 joining_days<0.3293 joining<1.0862
        | -0.0312 0.0391 0.001 -0.0498 -0.0194 -0.0671 -0.0225 0.0404;
    joining_days<-1.0278 quiet<1.1527 joining_days<-0.6386 agreeing<0.6667
    covered<0.2618 days<0.6632 joining_days<-0.1849
        | -0.0093 0.1221 -0.0125 -0.112 0.0142 0.1353 -0.0206 0.0027;
    shared<1.3198 joining_days<-0.0758 centre<0.0556 best<inf
    centre_size<0.1647 margin<-4.358 margin<-9.3926
        | -0.0517 0 0.0785 -0.0196 -0.055 -0.0096 0.053 -0.0002;
    quiet<5.1705 best<-5.4027 joining<1.0862 best<inf
    both_texts_best<-0 joining_centre<-0.1494 size<1.0986
        | 0.1156 0 -0.043 0.0043 0.0621 -0.0425 0.0539 -0.0393;
    best<-6.1495 best<inf cosine<0.0446 best<inf
    best<inf centre_size<0.0549 best_single<-1.9861
        | 0.0837 0 0 0 -0.0623 0.0063 0.0152 -0.0021;
    best<-6.1495 best<inf both_texts_best<-0 best<inf
    best<inf joining_texts<1.5599 joining<-0.777
        | 0.0762 0 0 0 -0.0623 0.0287 -0.0094 0.0071;
    joining<0.7837 margin<-0.9956 margin<-0.6273 burst_texts<0.6931
    covered<0.0879 centre_size<0.2456 quiet<0.429
        | 0.0362 -0.0999 -0.0596 -0.003 -0.007 -0.068 0.022 -0.0287;
    best_size<9.2192 joining<2.0657 joining<2.0657 covered_size<0.6721
    margin<-1.9947 days<0.1367 seen<0.5
        | 0.0004 0.0253 -0.0834 0.0195 -0.0656 0.0154 -0.0113 0.0567;
    quiet<4.6151 seen<1 seen<0.8 joining_days<-0.3955
    joining<1.7901 joining_days<0.3293 joining<1.0862
        | 0.1229 0.0138 0.0012 -0.0454 -0.0187 -0.063 -0.0211 0.0315;
    joining_days<-1.0278 quiet<1.1527 joining_days<-0.6386 agreeing<0.6667
    seen<0.8 days<0.6632 joining_days<-0.1849
        | -0.0094 0.1152 0.0991 -0.0714 0.0118 0.1159 -0.0188 0.0027;
    joining<-1.5803 margin<-0.9956 joining<-0.777 days<0.3623
    margin<0.571 shared<2.3623 joining<0.7837
        | 0.1822 0.0073 -0.0607 0.0109 -0.0594 -0.0065 0.0165 -0.0066;
    quiet<4.6151 shared<2.6559 rivals<1.0986 joining<2.0657
    margin<-1.3224 quiet<7.1603 joining<1.7901
        | 0.0168 -0.0358 -0.0525 0.0006 -0.0142 -0.0847 -0.0103 0.1345;
    best<-6.1495 best<inf joining_texts<1.5599 best<inf
    best<inf both_texts_best<-0 size<2.5649
        | 0.071 0 0 0 -0.0588 0.0002 0.0307 -0.0355;
    quiet<4.6151 best<-0.7861 seen<0.8 days<0.6632
    margin<-0.1894 joining_days<0.3293 rivals<1.0986
        | 0.0001 0.0366 -0.022 0.0015 -0.0179 -0.0598 -0.0269 0.02;
    joining_days<-1.0278 quiet<2.0692 joining_days<-0.6386 rivals<1.0986
    best<inf centre<0.1691 joining_days<-0.1849
        | 0.0573 -0.0752 -0.0925 0 -0.0265 0.0695 -0.0179 0.0027;
    centre<0.0227 size<3.989 centre<0.2376 best<inf
    best<inf covered_size<0.3677 cosine<0.3325
        | -0.0616 0 0.0076 0 0.0004 0.0313 -0.0164 0.0063;
    covered<0.617 covered<0.3157 joining_days<-1.0278 covered<0.2618
    burst_best<8.4923 quiet<1.1527 joining<1.0862
        | 0.0014 -0.0239 0.017 -0.0397 -0.0278 -0.1014 0.0218 -0.035;
    joining<-1.5803 margin<-0.9956 joining<-0.777 second<-4.7378
    shared<2.2913 shared<2.3623 joining<0.5184
        | -0.0683 0.1076 -0.0646 0.0078 -0.057 -0.0065 0.0172 -0.005;
    quiet<4.6151 shared<2.5393 joining<1.0862 shared<2.3623
    margin<-1.3224 joining_days<0.3293 quiet<6.4536
        | 0.0015 0.0471 -0.0414 0.0006 -0.0049 -0.0586 -0.0313 0.0422;
    joining_days<-1.0278 quiet<2.0692 joining_days<-0.6386 rivals<1.0986
    best<inf days<0.6632 rivals<1.7918
        | 0.0495 -0.0706 -0.0916 0 0.0066 0.0959 0.001 -0.0313;
    shared<1.3198 joining_days<-0.0758 centre<0.0556 best<inf
    centre_size<0.1647 margin<-4.358 seen<0.6364
        | -0.0483 0 0.0696 -0.0173 -0.0524 -0.0081 0.0189 -0.0018;
    quiet<5.1705 joining_days<1.687 joining<1.0862 joining<-0.777
    both_texts<1 joining_centre<-0.1494 rivals<1.0986
        | -0.0067 0.0096 -0.1059 0.0289 0.0427 -0.0376 -0.0269 0.0517;
    size<1.0986 margin<-0.9956 margin<-2.3587 shared<3.2439
    days<0.1367 rivals<1.3863 joining<-1.4904
        | 0.0273 -0.0594 0.0171 -0.0241 -0.0646 0.0043 -0.0756 0.0138;
    best_size<9.2192 joining<2.0657 joining<0.684 covered<0.4123
    margin<-1.9947 best<inf joining<1.0404
        | -0.0003 0.0204 -0.078 0.0169 -0.106 0 0.0543 -0.0276;
    joining<-1.5803 centre_size<0.1976 joining<-0.777 quiet<2.0692
    joining_best<-3.9578 cosine<0.3325 both_texts_best<-0
        | 0.0335 -0.083 -0.0072 -0.1214 -0.0355 0.0139 -0.0293 0.0053;
    covered<0.617 quiet<4.6151 joining_days<-1.0278 days<0.6632
    seen<0.8 quiet<1.1527 joining_best<-1.54
        | -0.0019 0.0194 -0.0485 -0.0005 -0.0217 -0.0968 0.0528 -0.0195;
    joining_texts<1.5599 joining_centre<0.2782 margin<-2.3587 quiet<7.1603
    days_texts<0.138 rivals<1.0986 mean<-1.6536
        | 0.0035 -0.0585 -0.0376 0.0573 -0.0849 0.0367 0.1026 0.0099;
    best<-6.1495 best<inf cosine<0.0446 best<inf
    best<inf centre_size<0.0549 margin<-9.3926
        | 0.0681 0 0 0 -0.0604 0.0083 0.0421 -0.0007;
    second<-1.6882 mean<-1.2358 both_texts_best<-0 covered_size<0.525
    days<0.3623 second<-0.8828 covered<0.1512
        | -0.0034 0.0495 0.08 -0.0026 -0.0977 0.042 0.0246 -0.0062;
    best<-6.1495 best<inf centre<0.0689 best<inf
    best<inf shared<2.0068 covered<0.06
        | 0.0624 0 0 0 -0.0009 -0.0553 0.0586 -0.0002;
    centre<0.0227 size<3.989 shared<1.3198 best<inf
    best<inf size<2.3979 cosine<0.0693
        | -0.0583 0 0.0082 0 0.0499 -0.0176 -0.0218 0.0009;
    joining_texts<1.5599 joining_days<1.3332 margin<-2.3587 quiet<7.1603
    quiet<6.4536 rivals<1.0986 mean<-1.6536
        | 0.0017 -0.0574 -0.0738 0.0325 -0.083 0.0338 0.0927 0.0095;
    best<-6.1495 best<inf cosine<0.0446 best<inf
    best<inf centre_size<0.0549 margin<-9.3926
        | 0.0605 0 0 0 -0.0567 0.0099 0.04 -0.0006;
    joining<0.7837 margin<-0.9956 quiet<6.4536 burst_texts<0.6931
    cosine<0.3325 margin<-1.3224 rivals<1.0986
        | 0.0276 -0.0931 -0.0153 0.016 -0.0341 0.0038 -0.0288 0.0737;
    second<3.2428 cosine<0.3325 rivals<1.0986 joining_centre<-0.2204
    quiet<1.1527 cosine<0.2637 margin<2
        | -0.018 0.003 0.0347 -0.0261 0.0332 -0.0793 -0.0297 0.056;
    joining_best<5.847 joining<2.0657 joining_days<0.1759 burst_best<-1.6134
    size<3.989 agreeing<1 joining<1.6221
        | 0.0248 0.0006 -0.0565 0.0392 -0.0641 0.0172 -0.0308 0.0619;
    joining_best<-1.1951 margin<2 both_texts_best<-3.7049 joining_days<-1.0278
    best<1.8914 best<inf joining_best<-0.0611
        | -0.0875 0.0056 -0.0899 0.0213 0.1254 0 0.0181 -0.0039;
    joining<-1.5803 centre_size<0.1647 joining<-0.777 quiet<2.0692
    burst_best<2.1257 shared<2.0068 both_texts_best<-0
        | 0.0311 -0.0812 -0.1063 0.0071 -0.0745 -0.0096 -0.0284 0.0053;
    joining_texts<1.5599 both_texts_best<-0 margin<-1.3224 shared<2.7755
    joining_days<1.3332 quiet<4.6151 centre_size<0.5124
        | 0.1084 -0.0711 0.0014 -0.0394 -0.0791 0.0215 0.0664 -0.01;
    quiet<4.6151 seen<1 joining<1.0862 joining_days<-0.3955
    joining<1.7901 shared<2.5393 size<1.0986
        | 0.0982 0.0107 0.0009 -0.0403 -0.0401 0.0089 0.0359 -0.0301;
    centre<0.0227 size<3.989 burst_best<-0 best<inf
    best<inf days<0.6632 shared<1.878
        | -0.0558 0 0.0051 0 0.0037 0.1563 -0.0311 0.0002;
    second<-1.6882 mean<-1.2358 shared<2.6559 covered_size<0.525
    cosine<0.3325 joining_days<-0.6386 margin<-0.1894
        | -0.0028 0.0442 0.0516 -0.0552 0.0824 -0.0028 -0.0481 -0.0018;
    size<2.5649 joining_texts<0.9735 joining<0.9956 margin<-0.9956
    margin<-0.6273 quiet<4.6151 size<3.4657
        | 0.0108 -0.0101 -0.0257 0.0392 0.0701 -0.0332 -0.0581 0.0069;
    joining<0.7837 margin<-0.9956 quiet<6.4536 burst_texts<0.6931
    covered<0.0879 margin<-1.3224 rivals<1.0986
        | 0.0238 -0.09 -0.0546 -0.0011 -0.031 0.003 -0.0272 0.0641;
    shared<1.3198 second<-4.389 centre<0.0428 best<inf
    rivals<1.0986 size<3.989 best_size<-9.4071
        | -0.0274 0 0.0088 0.0766 -0.0396 0.0142 0.0728 -0.0003;
    quiet<2.992 seen<1 joining_days<-1.0278 days<1
    cosine<0.1823 best<inf seen<0.8
        | 0.0071 0.095 0.0109 -0.0111 -0.0781 0 -0.0329 0.004;
    joining_texts<1.5599 both_texts_best<-4.7327 second<-6.3638 best<inf
    both_texts_best<-0 best<inf mean<-4.5876
        | 0.0891 0 -0.0527 0 -0.0504 0 0.0957 0.0104;
    quiet<4.6151 best<-5.4027 joining<1.0862 best<inf
    days_texts<0.4589 joining_days<0.3293 quiet<6.4536
        | 0.0933 0 0.0032 -0.0342 -0.0027 -0.0523 -0.0261 0.0329;
    quiet<7.1603 joining_days<1.3332 rivals<1.0986 quiet<6.6996
    margin<2 joining_best<0.3313 joining<1.7901
        | 0.0012 0.0426 -0.0546 0.0352 -0.0856 -0.0196 -0.038 0.1121;
    days_texts<1 days_texts<0.4589 joining_best<0.3313 quiet<7.1603
    covered<0.2618 covered<0.2618 size<2.1972
        | 0.0017 -0.0472 -0.1382 0.0422 0.0115 -0.0732 0.1475 -0.0401;
    joining_best<1.6743 joining<2.0657 days_texts<0.138 shared<1.6548
    size<3.989 best<-1.9357 size<2.1972
        | 0.0322 0.0018 -0.053 0.0276 0.0138 -0.0323 0.0691 -0.0084;
    centre<0.0227 size<3.989 seen<0.6364 best<inf
    best<inf joining<-1.5803 rivals<1.7918
        | -0.0527 0 0.0015 0 0.1349 0.0059 0.0004 -0.0267;
    centre<0.1495 days<0.1367 covered<0.129 shared<2.2237
    days<0.6632 margin<0.571 seen<0.6364
        | 0.0263 -0.0218 -0.0712 0.0005 0.0149 0.1407 0.0326 -0.0023;
    centre<0.0227 size<3.989 quiet<2.992 best<inf
    best<inf seen<1 joining_days<-1.0278
        | -0.051 0 0.0004 0 0.0228 -0.0016 -0.0769 -0.0038;
    size<2.5649 size<1.9459 joining<0.9956 size<1.0986
    margin<-1.9947 quiet<4.6151 size<3.4657
        | 0.0029 -0.0154 -0.0324 0.0345 0.0618 -0.0291 -0.0517 0.0047;
    joining<0.7837 joining_days<-0.0758 margin<2 shared<2.0068
    joining<-0.1811 agreeing<0.125 size<2.5649
        | -0.0487 0.0039 0.0877 0.0036 -0.0014 -0.039 0.0246 -0.0206;
    best_size<-9.4071 margin<-3.7692 seen<0.087 best<inf
    best<inf joining_centre<0.0179 best<-6.1495
        | -0.0401 0 0.1082 0 -0.0047 -0.0564 0.0552 -0.0001;
    joining_texts<1.5599 joining_best<5.847 margin<-2.3587 joining_centre<0.519
    joining_days<0.1759 rivals<1.0986 mean<-1.6536
        | 0.0015 -0.0589 -0.0537 0.0431 -0.0792 0.0225 0.0832 0.0084;
    joining<-1.5803 second<-2.8605 joining_days<-1.0278 shared<2.3623
    agreeing<1 quiet<1.1527 joining_days<-0.6386
        | 0.002 0.157 -0.0539 0.0239 0.0333 -0.0976 0.0383 -0.0023;
    joining_best<-1.1951 best<1.8914 both_texts_best<-3.7049 margin<2
    days<0.3623 best<inf joining_best<-0.0611
        | 0.0011 -0.0821 0.0426 -0.0786 0.094 0 0.0146 -0.0028;
    covered<0.3157 joining_days<0.1967 cosine<0.2637 joining_days<-0.0758
    days<1 shared<3.2439 rivals<1.0986
        | -0.0069 0.0142 -0.0587 -0.002 0.0525 -0.0052 -0.0258 0.0149;
    joining<-1.5803 quiet<2.0692 joining_centre<-0.2204 second<-2.8605
    best<inf cosine<0.3325 quiet<4.6151
        | 0.0702 -0.0029 -0.0809 0 -0.0448 0.0149 0.0058 -0.0103;
    centre<0.1495 joining_days<-0.1849 covered<0.129 margin<-1.3224
    shared<2.2237 margin<0.571 joining_days<-0.3955
        | 0.0115 -0.0883 0.0143 -0.0193 0.0142 0.1297 0.015 -0.0049;
    centre<0.0556 best<-6.1495 cosine<0.0536 best<inf
    joining_centre<0.0527 best<inf margin<-6.2148
        | 0.0516 0 -0.0367 0.0045 0.0699 0 0.0177 -0.0008;
    mean<-6.4339 best<inf cosine<0.0693 best<inf
    best<inf centre<0.0758 covered<0.06
        | 0.0873 0 0 0 -0.0316 0.0489 0.0478 -0.0002;
    mean<-6.4339 best<inf cosine<0.0693 best<inf
    best<inf centre<0.0758 covered<0.06
        | 0.0793 0 0 0 -0.0291 0.0452 0.0424 -0.0002;
    mean<-6.4339 best<inf cosine<0.0446 best<inf
    best<inf centre_size<0.0549 quiet<2.992
        | 0.072 0 0 0 -0.054 0.0151 0.003 -0.0077;
    mean<-6.4339 best<inf cosine<0.0446 best<inf
    best<inf centre_size<0.0549 margin<-9.3926
        | 0.0655 0 0 0 -0.0512 0.0143 0.0305 -0.0004;
    mean<-6.4339 best<inf best_size<-9.4071 best<inf
    best<inf best<inf cosine<0.0446
        | 0.0596 0 0 0 0.0511 0 -0.0448 -0;
    mean<-6.4339 best<inf joining_texts<1.5599 best<inf
    best<inf both_texts_best<-0 margin<-2.3587
        | 0.0542 0 0 0 -0.0465 0.0001 -0.0133 0.0271;
    mean<-6.4339 best<inf second<-4.7378 best<inf
    best<inf joining<-1.4904 second<-4.5666
        | 0.0495 0 0 0 -0.0771 -0.002 0.0605 -0.0003;
    shared<1.3198 second<-4.389 shared<1.878 best<inf
    centre_size<0.1404 days<0.1367 rivals<0.6931
        | -0.0215 0 0.0628 -0.0119 0.0067 -0.0394 0.0246 -0.0013;
    best_single<-0.4461 margin<-0.6273 margin<-3.7692 shared<2.4413
    days<0.2404 size<1.0986 seen<1
        | 0.0026 0.0746 0.0285 -0.0545 0.0088 -0.0484 0.0149 -0.0038;
    centre<0.1691 joining<-1.7433 cosine<0.1823 best<-3.6153
    days<0.1367 joining<-1.5803 covered<0.1512
        | 0.0261 -0.074 0.0132 -0.0143 0.1544 0.0177 0.0507 -0.005;
    cosine<0.3325 joining_centre<-0.2204 quiet<1.1527 centre_size<0.1976
    joining<-1.7433 days<0.2404 shared<3.2439
        | -0.007 -0.1125 -0.0516 0.0034 -0.0047 0.0561 -0.0371 0.0605;
    joining<0.7837 margin<-1.6402 covered<0.3157 joining_days<-1.0278
    covered<0.0879 agreeing<1 joining<1.0862
        | -0.0636 0.0266 -0.0559 0.0021 -0.0062 -0.0509 0.0424 -0.0053;
    margin<0.571 shared<3.5291 joining_days<-0.6386 joining<2.0657
    centre<0.3134 quiet<0.429 cosine<0.1823
        | 0.0035 -0.0432 -0.0725 0.011 0.1109 0.002 0.0336 -0.0129;
    centre<0.1691 joining<-1.7433 cosine<0.1823 second<-4.5666
    days<0.1367 joining<-1.5803 covered<0.1512
        | 0.0239 -0.0711 0.0116 -0.0134 0.1337 0.0149 0.0458 -0.0044;
    covered<0.3157 second<-1.6882 days_texts<0.138 mean<-1.2358
    joining_best<-3.9578 best_size<2.2446 best_size<0
        | -0.0013 0.0367 0.0737 -0.015 0.0144 -0.0197 -0.0407 0.0511;
    rivals<1.7918 cosine<0.3325 centre<0.3134 joining_centre<-0.2204
    joining_best<0.9039 cosine<0.2254 shared<2.9093
        | -0.0152 0.0024 0.0269 -0.0148 -0.0378 0.068 -0.1026 0.0251;
    joining_best<-1.1951 rivals<1.7918 both_texts_best<-3.7049 best<1.8914
    covered_size<0.1754 best<inf margin<2
        | -0.0118 0.0308 -0.087 0.0413 0.0736 0 -0.0034 0.0135;
    best_single<-1.9861 quiet<2.992 centre<0.1495 days<0.6632
    rivals<1.0986 joining_centre<-0.1033 covered<0.1512
        | -0.0045 0.0716 -0.0315 0.0253 -0.0634 -0.002 0.0323 -0.001;
    mean<-6.4339 best<inf best_size<-9.4071 best<inf
    best<inf best<inf cosine<0.0446
        | 0.0441 0 0 0 0.0507 0 -0.0434 -0;
    shared<1.3198 rivals<1.0986 cosine<0.0693 joining_centre<0.0527
    margin<-5.58 best<-2.4238 covered<0.06
        | -0.0217 0.0176 0.0072 0.0694 0.0044 -0.0715 0.0418 -0.0004;
    joining_days<-1.0278 rivals<1.0986 joining_days<-0.6386 shared<2.9093
    days<1 shared<2.6559 joining<-1.7433
        | -0.0138 0.1373 -0.0326 -0.0943 0.049 -0.0262 -0.028 0.0009;
    joining<-1.5803 centre_size<0.1647 joining_centre<-0.2204 quiet<2.0692
    burst_best<2.1257 second<-2.1701 joining_centre<0.0378
        | 0.0257 -0.0772 -0.0992 0.0021 -0.0838 -0.006 0.011 -0.0029;
    joining_texts<1.5599 joining_days<1.687 second<-6.3638 quiet<7.1603
    margin<-4.358 best<inf mean<-4.5876
        | 0.001 -0.047 0.037 -0.0801 -0.0521 0 0.0802 0.0097;
    covered<0.2257 days<0.1367 rivals<0.6931 centre_size<0.0179
    margin<-0.6273 joining<-1.5803 days<0.2404
        | 0.0263 -0.0098 0.0055 -0.0407 0.2002 0.0023 -0.0095 0.0094;
    margin<0.571 shared<3.5291 mean<-1.966 joining<2.0657
    joining<0.9956 second<-3.1285 cosine<0.1823
        | 0.0032 -0.0402 -0.0965 -0.0266 -0.029 0.088 0.0304 -0.0072;
    covered<0.3157 covered_size<0.3175 joining_days<-1.6115 covered<0.2618
    margin<-0.1894 best<inf best_size<2.2446
        | -0.0009 -0.0362 -0.0293 0.0501 -0.0675 0 0.0177 -0.0067;
    centre<0.1495 shared<2.2237 covered<0.1198 joining_days<-0.1849
    covered<0.1994 margin<0.571 shared<2.3623
        | -0.029 0.0134 -0.0342 0.0217 -0.0038 0.1842 -0.0188 0.005;
    days_texts<1 days_texts<0.4589 quiet<1.1527 quiet<7.1603
    covered<0.2618 joining<1.0862 joining_best<-0.8577
        | 0.0015 -0.0414 -0.1311 0.0353 -0.0711 0.0028 -0.0176 0.088;
    size<2.5649 joining_texts<0.9735 rivals<0.6931 margin<-0.9956
    margin<-0.6273 best<inf burst<3.9318
        | 0.0078 -0.0081 -0.02 0.0345 0.0759 0 -0.0286 0.016;
    joining_texts<0 joining<-0.777 centre<0.0556 best<inf
    joining_best<-0.0611 shared<2.1587 cosine<0.0536
        | 0.13 0 0.0808 -0.0608 -0.0045 -0.0516 0.0625 -0.0001;
    mean<-6.4339 best<inf best_size<-9.4071 best<inf
    best<inf margin<-2.7656 best_size<-6.2057
        | 0.0432 0 0 0 -0.0335 0.1023 -0.041 -0;
    best<-0.7861 mean<-1.2358 quiet<6.4536 days<0.6632
    covered<0.129 joining_days<1.3332 joining<1.0862
        | -0.0138 0.0086 0.1084 0.0087 -0.0029 -0.0691 0.0059 0.0734;
    quiet<4.6151 days<0.6632 joining<1.0862 second<-4.2034
    burst_best<-0 shared<2.5393 size<1.0986
        | -0.0525 -0.0001 0.1275 0.0083 -0.0361 0.0094 0.032 -0.0273;
    joining_texts<0 joining<-0.777 covered_size<0.3175 best<inf
    joining_best<-0.0611 size<1.0986 margin<-1.9947
        | 0.1208 0 0.0782 -0.0581 0.0009 -0.0233 -0.0279 0.012;
    best<-0.7861 quiet<2.992 quiet<6.4536 days<0.6632
    margin<-0.6273 joining_days<1.3332 seen<1
        | -0.0015 0.0451 0.0001 -0.042 -0.003 -0.0637 -0.0211 0.0528;
    joining_days<-1.0278 quiet<2.0692 joining_days<-0.6386 rivals<1.0986
    best<inf margin<0.571 rivals<1.7918
        | 0.0336 -0.0623 -0.0856 0 -0.0102 0.0607 0.0012 -0.0275;
    joining_days<-1.0278 quiet<1.1527 joining_days<-0.6386 agreeing<0.6667
    joining<-1.7433 shared<2.6559 joining<-1.7433
        | -0.0131 0.1024 0.0445 -0.0725 0.0448 -0.0296 -0.0261 0.001;
    joining_days<-0.1849 days<0.2404 joining_centre<0.0378 joining_best<-4.469
    shared<2.3623 mean<2.1048 margin<-0.6273
        | -0.1357 -0.0177 -0.0305 0.0197 0.0049 0.0671 -0.0126 0.0053;
    best<-0.7861 mean<-1.2358 quiet<6.4536 margin<2
    shared<2.4413 joining_days<1.3332 joining<1.0862
        | 0.0024 -0.0546 0.0001 0.0836 -0.0032 -0.0579 0.0015 0.0661;
    shared<1.3198 rivals<1.0986 centre<0.0428 joining_centre<0.0527
    margin<-5.58 size<3.989 margin<-9.3926
        | -0.0209 0.0166 0.0067 0.0655 -0.0333 0.012 0.0321 -0.0004;
    mean<-0.627 cosine<0.1556 covered<0.1512 joining<-1.7433
    shared<2.3623 covered<0.1389 cosine<0.1677
        | -0.0616 -0.0017 -0.0094 0.0249 -0.003 0.0874 0.0371 -0.0106;
    cosine<0.3325 joining_centre<-0.2204 shared<2.6559 centre_size<0.1976
    covered<0.617 joining_best<0.3313 rivals<1.7918
        | -0.008 -0.1027 0.0034 -0.0446 0.0683 -0.0193 0.0076 -0.0625;
    quiet<4.6151 best<-6.1495 joining<1.0862 best<inf
    second<-4.7378 joining_days<0.3293 centre_size<0.5124
        | 0.0787 0 -0.0305 0.0023 -0.0022 -0.0473 0.0193 -0.0594;
    quiet<5.1705 mean<-6.4339 shared<1.4759 best<inf
    second<-4.7378 best<inf joining<1.0862
        | 0.0755 0 -0.0334 0.0022 0.0687 0 -0.025 0.0071;
    joining<0.7837 margin<-0.9956 size<1.3863 burst_texts<0.6931
    rivals<1.3863 joining<0.8873 margin<-1.9947
        | 0.0188 -0.0814 0.0009 -0.0365 -0.0715 -0.0087 -0.0434 0.0178;
    joining_days<-1.0278 quiet<2.0692 covered<0.4123 rivals<1.0986
    best<inf agreeing<1 joining_best<0.3313
        | 0.0305 -0.0595 -0.0839 0 0.0034 -0.0159 0.0469 -0.0083;
    second<3.2428 cosine<0.3325 rivals<1.0986 joining_centre<-0.2204
    quiet<1.1527 cosine<0.2637 joining<1.7901
        | -0.0153 0.002 0.0287 -0.0166 0.0309 -0.0587 0.0568 -0.0148;
    joining<-1.5803 margin<-0.9956 joining_days<-1.0278 days<0.3623
    margin<0.571 quiet<1.1527 joining_days<-0.6386
        | 0.1095 -0.0066 -0.0552 0.0083 0.0264 -0.092 0.0272 -0.0019;
    quiet<7.1603 quiet<6.6996 rivals<1.0986 joining_days<1.3332
    joining_best<-3.0923 joining_best<0.3313 joining<1.7901
        | 0.0007 -0.0288 -0.0236 0.0469 -0.0826 -0.0189 -0.0309 0.0996;
    quiet<4.6151 mean<-6.4339 joining_centre<-0.1494 best<inf
    days_texts<0.4589 shared<2.5393 joining<1.0862
        | 0.0786 0 0.0023 -0.0257 -0.0125 0.0605 -0.0227 0.0078;
    best_single<-1.9861 joining_best<0.3313 cosine<0.1556 joining_days<0.0289
    centre<0.1008 days<0.1367 mean<-0.627
        | -0.0675 0.0002 0.0548 -0.0022 0.0098 -0.041 0.014 -0.0041;
    size<2.5649 seen<0.3333 joining<0.9956 quiet<1.1527
    joining_texts<0.9735 joining_days<0.0848 size<3.4657
        | 0.0789 -0.0396 -0.0023 0.0166 -0.0118 0.0579 -0.0413 0.0055;
    centre<0.0227 best_size<-4.3979 seen<0.6364 best<inf
    best<inf joining<-1.5803 rivals<1.7918
        | 0.0031 0 -0.0446 0 0.1127 0.0032 0.0004 -0.0215;
    cosine<0.3325 joining_centre<-0.2204 rivals<1.0986 joining_best<-2.6926
    joining<-1.7433 days<0.2404 rivals<1.3863
        | 0.0502 -0.0249 -0.0461 0.0027 -0.0418 0.0181 0.0411 -0.0151;
    joining<-1.5803 second<-2.8605 joining_days<-1.0278 covered<0.18
    agreeing<1 quiet<1.1527 joining_days<-0.6386
        | 0.0034 0.1181 -0.0481 0.0204 0.0243 -0.0906 0.025 -0.0018;
    joining<0.7837 joining_days<-0.0758 covered<0.3157 shared<2.0068
    joining<-0.4873 cosine<0.1195 joining<1.0862
        | -0.0437 0.0035 0.1059 0.006 0.0059 -0.0218 0.0368 -0.0035;
    joining<-1.5803 size<1.0986 joining_centre<-0.2204 quiet<2.0692
    margin<0.571 second<-2.1701 joining_days<-1.0278
        | 0.0197 -0.0728 0.0142 -0.0781 -0.0812 -0.0045 -0.058 0.0018;
    days<0.6632 second<-4.2034 quiet<0.429 joining_days<-0.0758
    shared<2.6559 joining_centre<0.2782 margin<-0.6273
        | -0.0822 -0.0116 0.0075 -0.0092 0.1249 -0.0157 0.0104 -0.0153;
    centre<0.1495 shared<2.2237 covered<0.1198 days<0.1367
    joining_centre<0.0956 margin<0.571 shared<1.878
        | 0.0176 -0.0112 -0.0385 0.0057 -0.0002 0.1683 -0.0462 0.0017;
    days<0.6632 quiet<0.429 quiet<0.429 best<-3.0717
    rivals<0.6931 centre<0.3134 best_single<-2.736
        | -0.0407 0.0009 0.0379 -0.079 0.1122 -0.017 0.0243 -0.0059;
    joining<0.7837 best_size<9.2192 size<1.3863 joining_days<-0.0758
    best<inf joining<0.8873 margin<-1.9947
        | -0.0026 0.0164 -0.0651 0 -0.0661 -0.0079 -0.042 0.0164;
    size<2.5649 joining_texts<0.9735 rivals<0.6931 joining_centre<0.2782
    margin<-0.6273 best<inf burst<3.9318
        | 0.0013 -0.0262 -0.0224 0.031 0.0641 0 -0.0253 0.0128;
    cosine<0.3325 joining_centre<-0.2204 shared<2.6559 centre_size<0.1976
    second<-4.2034 joining_best<0.3313 rivals<1.7918
        | -0.0057 -0.0972 0.0169 -0.001 0.0609 -0.0175 0.0068 -0.0541;
    centre<0.1495 shared<2.2237 covered<0.1198 days<0.1367
    days<0.6632 margin<0.571 shared<2.3623
        | 0.0164 -0.0113 -0.0391 0.0024 0.0006 0.1557 -0.0154 0.004;
    centre<0.0227 size<3.989 joining_texts<0 size<3.1355
    best<inf joining<-0.777 second<-6.3638
        | -0.0127 -0.0521 0.0021 0 0.108 -0.0078 -0.0366 0.0002;
    size<2.5649 seen<0.3333 joining<0.9956 burst_best<-0
    joining_texts<0.9735 quiet<4.6151 size<3.4657
        | 0.082 -0.0202 -0.0019 0.014 0.0449 -0.0241 -0.0363 0.004;
    centre<0.0689 shared<2.1587 covered<0.06 margin<-4.358
    quiet<3.6109 cosine<0.1048 joining_best<-8.5758
        | -0.0275 0.0185 -0.0635 -0.0017 -0.0143 0.1854 0.0587 -0.0007;
    centre<0.0227 best_size<-4.3979 mean<-6.4339 best<inf
    best<inf best<inf cosine<0.0693
        | 0.0019 0 -0.0436 0 0.037 0 -0.017 0.0011;
    shared<1.3198 rivals<1.0986 shared<1.878 joining_centre<0.0527
    centre_size<0.0549 margin<-1.6402 rivals<0.6931
        | -0.0199 0.0152 0.0587 0.0038 0.0043 -0.0385 0.0252 -0.0016;
    quiet<7.1603 quiet<6.6996 rivals<1.0986 joining_best<-8.5758
    joining_best<-3.0923 joining_best<0.3313 joining<1.7901
        | 0.0639 -0.0009 -0.0231 0.0441 -0.0801 -0.0173 -0.0269 0.0886;
    joining_days<1.3332 joining_days<1.0862 shared<2.5393 quiet<5.5722
    seen<1 centre<0.0758 centre_size<0.5124
        | 0.0012 -0.0213 -0.0139 0.0428 0.009 -0.0606 0.0203 -0.0302;
    joining<0.7837 margin<-1.6402 size<1.3863 joining_days<-1.0278
    covered<0.0879 quiet<6.6996 margin<-2.3587
        | -0.0584 0.0207 -0.0525 0.0018 -0.0199 0.0166 -0.0413 0.0147;
    quiet<7.1603 quiet<6.6996 rivals<1.0986 quiet<5.1705
    joining_best<-3.0923 joining_best<0.3313 joining<1.7901
        | 0.0012 -0.0158 -0.023 0.0389 -0.0782 -0.0165 -0.0248 0.0784;
    best<-0.7861 shared<3.5291 quiet<6.4536 shared<2.6559
    best<inf days_texts<0.4589 seen<1
        | 0.0007 0.0301 -0.069 0 -0.0023 -0.0416 -0.0164 0.0469;
    quiet<7.1603 joining_days<1.3332 rivals<1.0986 joining_days<1.0862
    shared<3.0628 cosine<0.1677 joining<1.7901
        | 0.0002 0.0263 -0.0469 0.0173 -0.0785 -0.0202 -0.0244 0.0702;
    both_texts_best<-0 joining_centre<-0.066 joining_texts<0 best<inf
    shared<2.5393 rivals<1.0986 joining_days<1.3332
        | 0.0921 0 0.0726 -0.0372 0.0662 0.0058 0.001 -0.0197;
    second<3.2428 covered_size<0.3175 rivals<1.0986 size<1.0986
    joining_days<-0.6386 size<1.3863 centre<0.3134
        | 0.0011 -0.0206 -0.0573 0.0133 0.0151 -0.0538 -0.0201 0.0516;
    shared<1.3198 second<-4.389 cosine<0.0693 best<inf
    centre_size<0.1404 best<-2.4238 margin<-10.5282
        | -0.0173 0 0.0503 -0.011 0.0054 -0.0667 0.0679 -0.0001;
    best_size<-9.4071 margin<-3.2288 seen<0.087 best<inf
    best<inf covered_size<0.6721 mean<-6.4339
        | -0.0387 0 0.0771 0 -0.0559 -0.0099 0.0474 -0.0001;
    joining<-1.5803 margin<-0.9956 joining_days<-1.0278 days<0.3623
    cosine<0.2637 quiet<1.1527 joining_days<-0.6386
        | 0.094 -0.0062 -0.032 0.018 0.0233 -0.0881 0.0246 -0.0017;
    days<0.6632 second<-4.2034 quiet<0.429 joining_days<-0.0758
    shared<2.6559 joining_centre<0.2782 margin<-0.6273
        | -0.0803 -0.0082 0.0073 -0.0089 0.1036 -0.0126 0.0097 -0.0136;
    quiet<4.6151 days<0.6632 joining_centre<-0.1494 quiet<0.429
    rivals<0.6931 shared<2.5393 joining<1.0862
        | -0.0006 -0.045 0.0436 0.001 -0.012 0.0557 -0.0204 0.0061;
    centre<0.1691 joining_centre<-0.2204 cosine<0.1823 joining_days<-0.3955
    covered<0.1994 joining_days<-1.6115 covered<0.1512
        | -0.0931 0.0443 -0.0048 0.0194 0.1714 0.0142 0.0392 -0.0036;
    cosine<0.3325 joining_best<-4.469 covered<0.18 cosine<0.2637
    joining_best<-2.6926 best<inf joining_best<-3.5019
        | -0.0125 -0.1321 0.0255 -0.0026 0.0815 0 0.0295 -0.003;
    joining_best<-3.0923 shared<2.9093 joining_best<-2.6926 rivals<1.7918
    days<0.6632 cosine<0.3325 joining_best<-2.3173
        | -0.0119 -0.1203 0.0814 -0.0334 0.0783 -0.0577 -0.0308 0.001;
    joining_best<-1.1951 margin<2 margin<2 joining<-1.4904
    best<1.8914 best<1.8914 best_single<-0
        | 0.0411 -0.0062 -0.0757 0.0207 0.0021 -0.0519 -0.0598 0.0174;
    joining_best<-3.0923 joining_days<-0.6386 joining_best<-2.6926 best<inf
    shared<2.7755 cosine<0.3325 shared<1.4759
        | -0.0731 0 -0.0209 0.0281 0.0693 -0.0513 0.0314 -0.0013;
    cosine<0.3325 joining_centre<-0.2204 joining_best<0.9039 shared<2.2237
    rivals<1.3863 joining_best<-2.3173 joining_days<0.0848
        | -0.0736 -0.0035 -0.0008 0.0169 -0.0085 0.04 -0.0581 -0;
    joining<-1.5803 second<-2.8605 joining_centre<-0.2204 second<-4.389
    agreeing<1 second<-2.1701 joining_days<-1.0278
        | -0.0479 0.0643 -0.0431 0.0161 -0.078 -0.0035 -0.0561 0.0013;
    joining_days<-0.3955 shared<2.3623 joining_days<-0.1849 best_single<-3.3002
    cosine<0.1677 joining_best<-4.469 shared<2.9093
        | 0.0557 -0.0594 -0.0613 0.0314 -0.1196 -0.0081 0.0054 -0.0072;
    joining_days<0.1434 size<1.3863 agreeing<1 joining_days<-0.0758
    is_old<1 covered_size<0.525 covered<0.2618
        | -0.0021 0.0253 -0.0266 0.0472 -0.0073 0.0147 -0.0895 0.003;
    size<2.5649 joining<2.2044 rivals<0.6931 seen<0.3333
    best<inf best<inf joining_days<0.1759
        | 0.0336 0.0005 -0.0531 0 0.0551 0 -0.0293 0.0002;
    centre<0.1215 joining<-1.7433 covered<0.0671 best<inf
    joining<-1.5803 best<inf shared<1.878
        | -0.0778 0 0.0489 -0.0067 0.1909 0 -0.0297 0.0015;
    quiet<2.992 days<0.6632 seen<0.8 second<-4.2034
    best_single<-2.736 joining<0.7837 joining<1.0862
        | -0.0434 -0.0002 0.0668 0.0032 -0.0052 -0.0449 -0.0094 0.0171;
    margin<0.571 shared<3.5291 best<-1.9357 joining<2.0657
    centre<0.3134 second<-3.1285 cosine<0.1823
        | 0.0028 -0.0332 -0.0648 0.0112 -0.0184 0.145 0.0255 -0.0054;
    cosine<0.3325 joining_centre<-0.2204 quiet<1.1527 covered<0.129
    second<-4.2034 days<0.2404 shared<3.2439
        | 0.0559 -0.0215 0.0159 -0.0008 -0.0013 0.0424 -0.0318 0.0505;
    centre<0.1495 shared<2.2237 covered<0.1198 joining_days<-0.1849
    covered<0.1994 margin<0.571 cosine<0.1195
        | -0.0229 0.0106 -0.0306 0.0164 -0.0018 0.1409 0.0549 -0.0004;
    joining_texts<1.5599 both_texts_best<-0 second<-4.9259 shared<2.7755
    days_texts<1 rivals<1.0986 second<-3.8081
        | 0.0744 -0.0627 -0.0005 0.0423 -0.0613 -0.0062 0.0776 0.0081;
    centre<0.1215 joining<-1.7433 covered<0.0671 best<inf
    joining<-1.5803 best<inf shared<1.878
        | -0.0763 0 0.0426 -0.0062 0.1673 0 -0.0276 0.0016;
    best_size<-9.4071 margin<-2.7656 seen<0.087 best<inf
    best<inf best<-0.7861 best_size<-6.2057
        | -0.0329 0 0.0684 0 -0.0096 -0.055 -0.0294 0.0006;
    quiet<2.992 second<-4.7378 mean<-4.3777 margin<-4.967
    best_single<-3.3002 quiet<6.1883 rivals<1.0986
        | 0.0202 -0.0578 0.0589 0.0014 0.0659 -0.0206 -0.0241 0.003;
    joining_texts<1.5599 both_texts_best<-0 second<-6.3638 joining<-0.777
    joining_texts<0 best<inf mean<-4.5876
        | 0.1359 -0.0533 0.0459 -0.0004 -0.0506 0 0.0672 0.0071;
    joining_best<-1.1951 second<-3.3719 best<1.8914 best<-2.8651
    best<1.8914 days_texts<1 margin<-0.6273
        | -0.0034 0.0544 -0.0215 0.013 0.0027 0.0423 -0.0823 0.0004;
    quiet<2.992 days_texts<0.4589 covered<0.3157 days<0.6632
    is_old<1 margin<-0.6273 shared<2.5393
        | -0.0012 0.0234 -0.0847 0.0208 -0.0007 -0.0362 -0.02 0.0246;
    joining_days<-1.0278 quiet<2.0692 joining_days<-0.6386 covered<0.4123
    best<inf shared<2.6559 joining<-1.7433
        | 0.0195 -0.0686 -0.0796 0 0.0426 -0.031 -0.0237 0.0009;
    joining_days<-1.0278 margin<-1.9947 joining_days<-0.3955 best<inf
    best_single<-2.736 cosine<0.1677 joining_days<-0.1849
        | -0.0793 0 0.0656 -0.0163 -0.0335 0.0294 -0.0224 0.0016;
    joining_days<-1.0278 margin<-1.9947 second<-1.6882 best<inf
    quiet<2.0692 centre<0.1495 margin<-6.2148
        | -0.0779 0 0.0163 -0.075 -0.0038 0.02 0.0595 -0.0047;
    quiet<4.6151 margin<-6.2148 shared<1.5813 joining_best<0.3313
    best_single<-3.755 centre<0.0689 cosine<0.1454
        | 0.0036 0.0604 -0.0384 0.0005 -0.0072 0.0566 -0.0268 -0.0006;
    joining_texts<1.5599 joining_days<1.687 second<-4.9259 quiet<7.1603
    quiet<4.6151 rivals<1.0986 second<-3.8081
        | 0.0006 -0.0327 -0.0691 0.0165 -0.0583 -0.0025 0.0673 0.007;
    cosine<0.3325 joining_centre<-0.2204 quiet<1.1527 joining_best<-2.6926
    second<-4.2034 joining_best<-3.5019 joining_best<-2.3173
        | 0.0424 -0.0234 0.0159 -0.0005 0.0463 0.0019 -0.0878 -0.002;
    joining_best<-3.0923 joining_days<-0.6386 joining_best<-2.6926 best<inf
    cosine<0.3325 cosine<0.3325 shared<2.7755
        | -0.0675 0 -0.017 0.0316 0.0616 -0.0475 0.0036 -0.0072;
    joining_best<-3.0923 shared<2.9093 joining_best<-2.6926 burst_best<2.1257
    days<0.6632 cosine<0.3325 joining_best<-2.3173
        | -0.0039 -0.066 0.075 -0.0292 0.0549 -0.0438 -0.0247 0.0008;
    margin<0.571 shared<3.5291 rivals<1.3863 joining_best<1.6743
    joining<0.9956 best<-1.9357 joining_days<-0.6386
        | 0.0041 -0.0171 -0.0849 -0.0214 0.0459 0.0042 0.0572 -0.0523;
    cosine<0.3325 joining_centre<-0.2204 covered<0.18 shared<2.2237
    covered<0.617 best<inf joining_best<-3.5019
        | -0.0703 -0.0039 0.0024 -0.0364 0.0759 0 0.0264 -0.0022;
    joining_best<-1.1951 rivals<1.7918 quiet<4.6151 best<1.8914
    shared<2.9093 joining_best<0.9039 quiet<6.4536
        | -0.0088 0.0246 -0.0711 0.0559 0.0117 -0.0023 -0.0253 0.0119;
    joining_best<-3.0923 joining_days<-0.6386 joining_best<-2.6926 best<inf
    covered<0.4123 cosine<0.3325 burst_best<-1.6134
        | -0.0659 0 -0.0114 0.0451 0.049 -0.0392 0.0172 -0.0013;
    joining_days<-0.3955 shared<2.3623 joining_days<-0.1849 joining_centre<-0.2204
    cosine<0.1677 joining_best<-4.469 covered<0.3157
        | -0.0908 0.0072 -0.0578 0.028 -0.1122 -0.0066 -0.0025 0.009;
    joining<-1.5803 centre_size<0.1647 joining_centre<-0.2204 quiet<2.0692
    burst_best<2.1257 second<-2.1701 joining_days<-1.0278
        | 0.0193 -0.0673 -0.0897 -0 -0.0765 -0.0046 -0.055 0.0013;
    joining_days<-0.3955 shared<2.3623 joining_days<-0.1849 best_single<-3.3002
    cosine<0.1677 joining_best<-4.469 covered<0.3157
        | 0.0479 -0.0548 -0.055 0.0259 -0.0996 -0.0063 -0.0024 0.0079;
    size<2.5649 joining_texts<0.9735 joining<0.9956 joining_centre<0.2782
    margin<-0.9956 quiet<4.6151 joining<1.6221
        | 0.0007 -0.0225 -0.021 0.0282 0.0372 -0.0213 -0.0434 -0.0032;
    best<-0.7861 mean<-1.2358 quiet<6.4536 shared<3.5291
    joining_centre<-0.2204 joining_days<1.2056 seen<1
        | 0.0007 -0.0712 0.1095 0.0091 -0.0026 -0.0414 -0.0148 0.043;
    centre<0.0227 size<3.989 covered<0.129 best<inf
    best<inf centre_size<0.0436 covered<0.1389
        | -0.0411 0 0.006 0 0.0162 -0.0183 -0.0407 0.0001;
    best_size<-9.4071 margin<-2.3587 seen<0.087 best<inf
    best<inf covered_size<0.6721 mean<-6.4339
        | -0.0273 0 0.0636 0 -0.0522 -0.0072 0.0419 -0.0003;
    cosine<0.0693 quiet<3.6109 margin<-10.5282 days<0.1367
    margin<-6.8925 best<inf covered<0.06
        | -0.0009 -0.073 -0.0266 0.0621 0.062 0 0.0319 -0.0009;
    cosine<0.3325 joining_centre<-0.2204 rivals<1.0986 covered<0.1512
    rivals<1.3863 second<3.2428 rivals<1.3863
        | 0.0332 -0.0247 -0.0007 0.0148 0.0107 -0.0452 0.0357 -0.0137;
    centre<0.1215 joining<-1.7433 covered<0.0671 best<inf
    joining<-1.5803 best<inf quiet<0.429
        | -0.0746 0 0.0359 -0.0058 0.1526 0 0.0053 -0.0067;
    best<-0.7861 mean<-1.2358 quiet<6.4536 shared<3.5291
    margin<-1.3224 days_texts<0.4589 joining<1.0862
        | 0.0008 -0.0693 -0.0107 0.0653 -0.0022 -0.0359 0.0041 0.054;
    joining_texts<1.5599 joining_days<1.687 second<-6.3638 quiet<7.1603
    quiet<4.6151 best<inf mean<-4.5876
        | 0.0004 -0.0326 -0.0627 0.0158 -0.0455 0 0.0618 0.0068;
    joining_texts<0 joining_centre<-0.066 second<-6.3638 joining_best<0.9039
    quiet<3.6109 shared<2.2237 joining_best<-8.5758
        | -0.0007 0.127 -0.053 0.0723 0.0109 -0.0513 0.0523 -0.0007;
    joining_texts<0 cosine<0.2254 joining_days<-0.0758 centre<0.1344
    best<inf shared<2.0068 joining<-0.4873
        | -0.0145 0.1 -0.0407 0 -0.0395 0.0017 0.1174 -0.0008;
    mean<-2.7043 covered<0.18 margin<-6.2148 joining_days<-1.0278
    margin<-1.9947 mean<-2.2349 margin<-4.967
        | -0.055 0.0033 -0.039 0.0677 -0.0232 0.0363 -0.0354 -0.0013;
    joining_days<-0.3955 shared<2.3623 joining_days<-0.1849 joining_centre<-0.2204
    shared<2.4413 joining_best<-4.469 covered<0.3157
        | -0.0887 0.0103 0.068 0.0043 -0.0884 -0.006 -0.0023 0.0082;
    joining<-1.5803 margin<-0.9956 joining_centre<-0.2204 days<0.3623
    margin<0.571 covered_size<0.1754 joining_days<-1.0278
        | 0.0791 -0.0029 -0.0551 0.0075 -0.0284 0.026 -0.0528 0.0013;
    centre<0.1215 joining<-1.7433 covered<0.0671 best<inf
    margin<-1.3224 best<inf quiet<0.429
        | -0.073 0 0.0071 -0.0172 0.1332 0 0.0048 -0.006;
    days<0.6632 best<-3.0717 burst_best<-0 joining_days<-0.0758
    shared<2.6559 best<inf joining<-1.7433
        | -0.078 -0.0058 0.0066 -0.0078 0.0772 0 0.043 -0.0009;
    best_single<-1.9861 joining_best<0.3313 cosine<0.1556 joining_days<0.0289
    second<-3.1285 joining_days<-0.0758 covered<0.1512
        | -0.0692 -0.0012 0.0108 0.0973 -0.0499 0.0007 0.0271 -0.0004;
    second<-4.0084 margin<-0.6273 cosine<0.1556 joining_centre<-0.1494
    joining_best<1.6743 days<0.1367 covered<0.1198
        | 0.0729 0.0036 0.0068 -0.0642 0.0089 -0.0354 0.0428 0.0005;
    best<-0.7861 margin<2 quiet<6.4536 margin<0.571
    centre_size<0.0909 quiet<5.5722 joining<1.0862
        | -0.0002 0.0367 -0.0777 0.0039 -0.0023 -0.0414 0.0043 0.0508;
    cosine<0.3325 joining_centre<-0.2204 quiet<1.1527 centre_size<0.1976
    second<-4.2034 days<0.2404 shared<3.2439
        | -0.0057 -0.0833 0.0151 -0.0007 -0.0013 0.0376 -0.0274 0.0455;
    """,
)

BY_MEANING = (
    -2.208,
    {
        "cosine": 0.951,
        "title_cosine": 0.89,
        "title_covered": 0.275,
        "title_covered_least": 0.358,
        "shared": 1.8,
        "rarest": -0.606,
        "second": 0.57,
        "third": 0.009,
        "names": 0.475,
        "is_nameless": 1.235,
        "numbers": 0.176,
        "numbers_differ": -0.729,
        "days": -3.065,
        "long_ago": 0.104,
        "is_old": -0.12,
        "both_texts": -0.578,
        "one_text": 2.349,
        "same_publisher": -0.937,
        "length": -1.712,
        "title_words": -0.495,
        "phrases": 6.527,
        "own_phrases": 3.401,
        "is_foreign": 0.169,
        "foreign_names": 1.862,
        "contained": -0.571,
        "names_contained": -0.064,
        "first_name": 0.297,
        "second_name": -0.51,
        "first_number": -0.408,
        "lead_name": -0.041,
        "either_lead_name": 0.576,
        "lead_cosine": 0.91,
        "lead_title": 0.835,
        "outage": 7.889,
        "same_page": 4.132,
        "meaning": 5.858,
        "meaning_texts": 2.452,
    },
    -2.54,
    {
        "best": 0.18,
        "second": 0.136,
        "mean": 0.212,
        "centre": 1.235,
        "covered": 0.535,
        "size": -0.336,
        "quiet": -0.131,
        "agreeing": 0.231,
        "seen": 1.645,
        "is_single": -0.428,
        "centre_size": -0.154,
        "best_size": 0.02,
        "covered_size": -0.104,
        "margin": 0.116,
        "rivals": -0.226,
        "both_texts": -0.84,
        "both_texts_best": 0.218,
        "days": -0.786,
        "is_old": -0.179,
        "cosine": 0.208,
        "shared": 0.55,
        "is_foreign": 1.441,
        "foreign_best": 0.948,
        "burst": -0.02,
        "burst_best": 0.03,
        "burst_texts": -0.918,
        "outage": 3.092,
        "best_positive": -0.156,
        "best_single": 0.116,
        "one_text": -1.258,
        "days_texts": 0.319,
        "same_page": 3.944,
        "joining": 0.446,
        "joining_best": -0.158,
        "joining_days": -0.093,
        "joining_texts": -0.753,
        "joining_centre": 1.426,
        "meaning": 1.029,
        "meaning_mean": -0.093,
        "meaning_margin": 2.594,
        "meaning_texts": -1.176,
        "meaning_single": -0.448,
        "burst_meaning": 0.154,
        "joining_meaning": 0.743,
    },
    """
    joining<-0.7367 shared<2.2711 joining<0.1342 meaning_margin<-0.3137
    rivals<1.0986 shared<2.1319 margin<0.6641
        | 0.0655 -0.0922 0.0636 -0.0428 0.542 0.1356 -0.0529 0.0405;
    joining<-0.7367 shared<2.2711 joining<0.2756 meaning_margin<-0.3137
    rivals<1.0986 margin<-2.5167 margin<0.6641
        | 0.0573 -0.0899 0.0563 -0.0392 0.3871 0.1008 -0.0576 0.0359;
    joining<-0.7367 shared<2.2711 joining_meaning<-0.0468 meaning_margin<-0.3137
    rivals<1.0986 margin<-1.078 joining_days<0.0905
        | 0.0503 -0.0876 0.05 -0.0357 0.3271 0.1056 0.0616 -0.0226;
    joining<-0.7367 shared<2.2711 joining<0.2756 meaning_margin<-0.3137
    rivals<1.0986 shared<1.5691 margin<0.6641
        | 0.0444 -0.0851 0.0445 -0.0326 0.5477 0.1003 -0.0529 0.0331;
    meaning_margin<-0.3137 joining<0.5331 margin<2 joining_best<1.6093
    size<1.0986 joining_best<1.6093 best<-1.0152
        | 0.2995 0.0145 0.0735 -0.0822 -0.0075 -0.0651 -0.0809 0.0339;
    joining<-0.7367 shared<2.2711 joining_days<0.0905 meaning_margin<-0.3137
    rivals<1.0986 shared<2.7605 meaning_margin<0.036
        | 0.032 -0.0819 0.0396 -0.03 0.1633 0.0086 -0.0472 0.0218;
    meaning_margin<-0.3472 seen<0.8 margin<0.6641 joining<0.7937
    joining_best<1.6093 joining_meaning<0.2165 both_texts_best<0
        | 0.0166 -0.0691 0.1852 -0.0132 0.0023 -0.0593 -0.0986 0.0213;
    joining<-0.7367 joining<-1.5803 joining_meaning<0.2165 quiet<2.0794
    meaning_margin<-0.3472 quiet<5.5136 margin<0.6641
        | 0.036 -0.0973 0.1038 -0.0612 0.1176 -0.0154 -0.0497 0.0211;
    joining<-0.7367 shared<2.2711 joining_meaning<-0.0468 best_single<0
    rivals<1.0986 quiet<4.5539 joining_days<0.0905
        | -0.041 -0.1055 0.0362 -0.0269 0.1717 0.0284 0.0368 -0.0161;
    meaning_margin<-0.3137 meaning_single<0.3043 margin<0.6641 joining<0.5331
    covered<0.261 joining_best<1.6093 both_texts_best<0
        | 0.0618 -0.0397 0.206 -0.0013 -0.0037 -0.0769 -0.0969 0.0182;
    joining<-0.7367 shared<2.2711 joining<-0.1157 best_single<0
    seen<0.6471 quiet<5.0999 shared<1.3048
        | -0.0377 -0.1032 0.2073 -0.0028 0.1544 0.0107 0.2014 -0.0051;
    both_texts_best<0 joining_days<1.2056 joining<-0.7367 second<-5.7948
    best<inf joining<-1.5803 joining_meaning<0.2165
        | 0.0657 -0.0908 0.2419 0 0.017 -0.048 0.0788 -0.0096;
    both_texts_best<0 joining_days<1.387 joining<-0.7367 best<-4.8306
    best<inf shared<2.2711 joining_days<0.0466
        | 0.0693 -0.0887 0.2545 0 -0.0611 0.0024 0.0825 -0.0042;
    meaning_margin<-0.3137 size<1.0986 margin<0.6641 meaning_mean<0.334
    joining<0.7937 mean<0.5495 both_texts_best<0
        | 0.0258 0.1363 0.0291 -0.0791 -0.0077 -0.0848 -0.0866 0.0171;
    best_size<9.5036 joining_texts<1.5599 joining<1.6221 both_texts_best<0
    mean<-1.4472 meaning_margin<0.3 meaning_margin<0.1609
        | -0.0737 0.0032 0.1781 0.0256 0.0097 -0.2339 -0.0722 0.0478;
    meaning_margin<-0.3472 seen<0.8 margin<0.6641 centre<0.1084
    joining_best<1.6093 burst_texts<0.6931 covered_size<0.1153
        | -0.0653 0.0034 0.1062 -0.0215 -0.0086 -0.099 -0.0146 0.0313;
    best_size<9.5036 joining<-0.7367 joining<1.6221 joining<-1.5803
    joining_days<0.0905 meaning_margin<0.3 meaning_margin<0.1609
        | 0.0166 -0.0422 0.057 -0.0101 0.0074 -0.1888 -0.068 0.0438;
    joining_texts<1.5599 both_texts_best<0 quiet<7.63 best<-4.8306
    joining_meaning<0.771 meaning_margin<-0.0154 best<inf
        | 0.0701 -0.0819 0.0077 -0.0502 -0.0689 0.062 0.2367 0;
    centre<0.2346 joining_days<0.1518 joining_best<-3.2289 joining<-0.7367
    joining_days<1.0862 joining_days<-1.1303 days<0.389
        | -0.0153 0.0724 -0.0335 0.0355 -0.183 0.0797 -0.0512 0.0031;
    joining_texts<1.5599 both_texts_best<0 quiet<7.63 best<-4.8306
    quiet<5.5136 meaning_margin<0.036 best<inf
        | 0.0644 -0.0795 0.0074 -0.0386 -0.0562 0.062 0.2221 0;
    covered<0.6184 joining_texts<1.5599 joining_days<-1.1303 joining_days<0.3265
    meaning_mean<0.5702 best<inf joining_best<-1.4093
        | 0.0076 -0.032 0.1543 0.0193 -0.1592 0 0.0936 -0.0518;
    joining<-0.7367 shared<2.3497 shared<1.6452 joining<-1.5803
    shared<2.6388 joining<1.6221 joining_meaning<0.2165
        | -0.0073 -0.0799 0.0511 -0.0212 0.1654 -0.03 0.0306 -0.0118;
    centre<0.2346 joining_days<0.1518 joining_best<-3.2289 joining<-0.7367
    joining_days<1.0862 joining_days<-1.1303 days<0.389
        | -0.0134 0.0599 -0.0291 0.0337 -0.1557 0.0737 -0.0463 0.0035;
    joining_texts<1.5599 both_texts_best<0 quiet<7.63 second<-5.7948
    quiet<5.5136 meaning_margin<-0.0154 best<inf
        | 0.0591 -0.0769 0.007 -0.0365 -0.0617 0.0546 0.1977 0;
    joining<-0.7367 seen<0.6471 shared<1.6452 joining_days<-0.3301
    meaning_mean<0.6258 meaning<0.3135 quiet<4.5539
        | 0.349 -0.0826 -0.0428 0.0131 -0.027 0.136 0.0144 -0.0238;
    mean<0.5495 quiet<5.0999 margin<-0.7017 joining<-0.7367
    joining<1.8262 meaning_margin<-0.1631 meaning_margin<0.3
        | -0.0125 0.0327 -0.029 0.1772 -0.0106 -0.1201 0.0169 -0.0427;
    covered<0.6184 centre<0.0424 joining_days<-1.1303 margin<0.6641
    cosine<0.0519 best<inf joining_best<-1.4093
        | -0.0668 0.0308 0.1294 0.0029 -0.1404 0 0.0882 -0.0439;
    joining_texts<1.5599 both_texts_best<0 meaning_mean<0.6258 shared<2.7605
    joining_meaning<0.771 quiet<3.5553 meaning_margin<-0.0154
        | 0.0566 -0.0754 0.0069 -0.0404 0.04 0.1896 -0.0828 0.0325;
    joining<-0.7367 shared<2.0474 joining_meaning<-0.0468 meaning_mean<0.6258
    best<-3.4516 quiet<3.5553 meaning_margin<0.036
        | -0.0819 0.0884 0.2256 -0.0058 0.108 -0.0009 -0.0172 0.0206;
    centre<0.2346 covered<0.3149 shared<2.2711 agreeing<1
    joining<1.3599 agreeing<0.6667 shared<2.6388
        | 0.012 -0.0491 0.1156 -0.002 -0.0278 -0.108 0.0335 -0.0178;
    centre_size<0.9812 margin<2 joining<1.1028 burst_texts<0.6931
    best<-1.0152 joining_meaning<0.4506 joining<1.6221
        | 0.0006 -0.0663 -0.0742 0.0263 -0.019 0.0403 -0.1662 0.012;
    meaning_margin<-0.3137 meaning_single<0.3043 margin<0.6641 size<1.0986
    margin<-2.113 joining_best<1.6093 covered_size<0.1153
        | 0.0224 -0.0485 0.0498 0.2414 -0.0022 -0.0589 -0.0131 0.0256;
    best_size<9.5036 joining_texts<1.5599 meaning_mean<0.7018 both_texts_best<0
    quiet<7.63 joining_days<0.1797 rivals<1.0986
        | -0.0612 0.0026 0.0272 0.1626 -0.0504 0.057 -0.1407 0.0208;
    best<-5.1208 best<inf both_texts_best<0 best<inf
    best<inf joining<1.2056 quiet<2.0794
        | 0.1133 0 0 0 -0.0838 0.0548 0.0095 -0.0158;
    centre<0.2346 joining_best<-0.6201 joining_days<-1.6115 shared<1.3048
    joining_centre<-0.0961 shared<2.8967 joining<-1.7433
        | 0.1409 -0.0235 -0.0054 0.0348 -0.1027 0.0087 0.0509 -0.0134;
    mean<0.5495 quiet<5.0999 margin<-0.7017 joining<-0.7367
    joining<1.8262 meaning_margin<-0.1631 quiet<1.2831
        | -0.0103 0.0295 -0.0267 0.1377 -0.0069 -0.1081 0.009 -0.0662;
    centre<0.0424 margin<0.6641 cosine<0.0519 meaning_single<0.3043
    mean<-1.4472 meaning_margin<-0.1107 meaning_margin<-0.3137
        | -0.0703 -0.0119 -0.0454 0.0879 -0.0217 0.1933 0.0371 -0.0033;
    best_size<9.5036 joining<-0.7367 agreeing<1 joining<-1.5803
    joining_days<0.1518 joining_days<0.1797 meaning_mean<0.7018
        | 0.0177 -0.035 0.0309 -0.0084 -0.1214 -0.0036 0.0636 -0.0017;
    centre<0.0424 margin<0.6641 cosine<0.0519 meaning_mean<0.3925
    mean<-1.4472 covered<0.0589 shared<1.4649
        | -0.0705 -0.0186 -0.0436 0.0831 -0.0022 0.1857 0.0692 -0.0012;
    best<-5.1208 days_texts<0.1426 both_texts_best<0 best<inf
    best<inf joining<1.2056 margin<-8.1114
        | -0.0109 0 0.1639 0 -0.0827 0.0445 0.086 0.0005;
    centre<0.0487 margin<0.6641 cosine<0.0519 shared<1.4649
    mean<-1.4472 days<0.2534 meaning_margin<-0.3137
        | -0.0169 -0.0698 -0.0143 0.081 0.0153 0.2351 0.0322 -0.0027;
    mean<0.5495 quiet<4.5539 margin<-0.7017 both_texts_best<0
    seen<0.8 second<1.0538 shared<2.2018
        | -0.0517 0.0187 -0.0602 0.0056 -0.0468 -0.1278 -0.0937 0.0068;
    covered<0.6184 joining_texts<1.5599 joining_days<-1.1303 joining<1.3599
    quiet<7.63 best<inf joining_best<-1.4093
        | 0.004 -0.0383 0.0201 0.136 -0.1283 0 0.0853 -0.0338;
    joining<-0.7367 shared<2.0474 joining<0.7937 meaning_mean<0.6258
    best<-3.4516 quiet<4.5539 meaning_margin<0.036
        | -0.08 0.0793 0.1834 -0.0041 0.0601 -0.0242 -0.0317 0.0192;
    best_size<9.5036 joining<-0.7367 joining<1.6221 seen<0.6471
    joining<0.5331 meaning_margin<0.3 meaning_margin<0.3
        | 0.1459 -0.0141 0.0296 -0.0042 0.017 -0.1044 -0.0434 0.047;
    second<-4.9415 centre<0.1188 both_texts_best<0 joining_days<0.9086
    meaning_margin<-0.2803 joining_meaning<0.771 quiet<2.0794
        | -0.0292 0.0945 0.2516 0.0077 -0.076 0.0474 0.0074 -0.0151;
    mean<0.5495 cosine<0.3274 margin<-0.7017 joining_centre<-0.0961
    agreeing<0.6667 meaning<0.7135 meaning_margin<0.3
        | -0.0214 0.0122 0.0077 0.1871 -0.0339 -0.1119 0.0143 -0.0368;
    best<-5.1208 meaning_mean<0.2578 both_texts_best<0 best<inf
    best<inf joining<1.2056 quiet<2.0794
        | 0.1534 0 -0.0347 0 -0.0787 0.0364 0.0079 -0.013;
    centre<0.0487 margin<0.6641 cosine<0.0519 meaning_mean<0.3925
    mean<-1.4472 days<0.2534 centre<0.2346
        | -0.0663 -0.0129 -0.0153 0.076 0.0138 0.1983 0.0085 -0.0089;
    days_texts<1 quiet<7.1225 meaning_mean<0.3925 joining<1.3599
    joining<1.2056 best<inf best<-1.0152
        | 0.0051 -0.027 -0.0814 0.0426 0.184 0 -0.0685 0.0418;
    best_single<0 joining_days<1.0862 margin<0.6641 margin<-0.2252
    margin<-2.5167 joining_best<1.6093 joining_days<-0.6001
        | 0.0267 -0.0349 0.2642 0.004 -0.0108 -0.078 0.0637 0.0004;
    joining_days<-1.1303 days<1 joining_days<-0.6001 meaning_single<0.3043
    covered<0.261 cosine<0.1784 joining<-0.7367
        | -0.0586 0.1257 -0.0116 -0.1199 -0.0443 0.0976 -0.0243 0.0057;
    centre<0.2346 covered<0.3149 days_texts<0.1426 agreeing<1
    size<1.9459 joining_best<0.7588 meaning<0.5229
        | 0.0096 -0.0476 0.1175 0.0174 0.002 -0.0541 -0.0939 0.0458;
    joining<-1.5803 meaning_mean<0.4636 joining_meaning<-0.5948 meaning_margin<-0.0154
    second<-1.9243 shared<2.3497 joining_days<0.0905
        | -0.0426 -0.11 0.1615 0.0078 -0.1013 -0.016 0.023 -0.0049;
    joining_texts<1.5599 joining<1.3599 meaning_mean<0.5702 quiet<5.5136
    quiet<6.4135 margin<-2.9798 meaning_margin<-0.0154
        | 0.0076 -0.0304 -0.0465 0.0813 -0.007 0.1607 -0.0719 0.0336;
    joining_days<-1.1303 days<1 joining_days<-0.6001 meaning_single<0.3043
    covered<0.261 cosine<0.1784 joining<-0.7367
        | -0.0556 0.1077 -0.0135 -0.1179 -0.0427 0.0859 -0.0212 0.005;
    joining_days<-1.1303 quiet<2.0794 joining_days<-0.6001 rivals<1.0986
    best<inf cosine<0.1784 joining<-0.7367
        | 0.0836 -0.0922 -0.097 0 -0.0403 0.0761 -0.0193 0.0045;
    joining<-1.5803 meaning_mean<0.4636 joining_meaning<-0.5948 meaning_margin<-0.0154
    cosine<0.1009 cosine<0.3274 joining_meaning<-0.0468
        | -0.0388 -0.1078 0.2417 0.0229 -0.0679 0.0142 0.0302 -0.0015;
    centre<0.0487 margin<0.6641 cosine<0.0519 shared<1.3048
    mean<-1.4472 meaning_margin<-0.1107 shared<1.3048
        | -0.0019 -0.0607 -0.013 0.0728 -0.0171 0.1568 0.093 -0.0005;
    centre_size<0.9812 joining_texts<1.5599 size<2.3979 joining<1.6221
    meaning_margin<0.036 joining<1.1028 burst<3.2958
        | 0.0024 -0.0414 -0.0098 0.0574 0.0475 0 -0.076 0.053;
    burst_best<-0 days<0.389 joining<-1.7433 joining_centre<-0.0961
    best<inf quiet<2.0794 joining_days<-1.1303
        | -0.036 0.0319 0.1697 0 0.0613 -0.0831 -0.058 -0.0025;
    best_single<0 joining_days<1.0862 margin<0.6641 margin<-0.2252
    margin<-2.5167 burst_texts<0.6931 meaning_margin<-0.1631
        | 0.0228 -0.0317 0.2046 0.0031 -0.0102 -0.0835 -0.0982 0.0116;
    quiet<4.5539 seen<1 shared<3.2308 joining_days<-0.3301
    shared<2.6388 margin<-1.078 meaning_mean<0.5279
        | 0.1864 0.0224 0.0114 -0.0151 -0.0017 -0.0548 0.1521 0.0167;
    centre<0.0487 meaning_margin<0.036 centre<0.0748 shared<1.3048
    centre<0.0293 meaning_single<0.4718 second<-4.3716
        | -0.0014 -0.0575 -0.0084 0.0597 0.0108 0.1728 0.0369 -0.0029;
    quiet<5.0999 shared<2.6388 quiet<6.4135 joining_best<2.8803
    meaning<0.7135 meaning_mean<0.2371 joining<1.1028
        | 0.0246 -0.0384 0.0106 -0.0282 0.0753 -0.0493 -0.0219 0.0846;
    both_texts_best<0 quiet<3.5553 quiet<2.0794 second<-1.9243
    second<-4.1696 days<0.389 joining_days<-1.1303
        | -0.0774 0.0264 0.1867 -0.0213 -0.0027 0.0389 -0.0949 -0.0025;
    centre<0.0424 size<4.0431 centre<0.0748 meaning_mean<0.3925
    best<inf meaning_single<0.4718 joining_meaning<-0.5948
        | -0.0613 -0.0079 0.0217 0 0.006 0.1355 -0.0126 0.0048;
    joining<-1.5803 meaning_mean<0.4636 joining_meaning<-0.5948 meaning_margin<-0.0154
    second<-1.9243 shared<2.3497 joining<0.7937
        | -0.0349 -0.1054 0.1172 0.0062 -0.0983 -0.0117 0.0177 -0.0069;
    quiet<4.5539 seen<1 seen<0.8 joining<0.8873
    meaning_margin<-0.3137 joining_days<0.3265 joining<1.1028
        | 0.0765 0.0013 0.0345 -0.0065 0.0011 -0.0755 -0.019 0.0587;
    meaning<0.3135 joining_days<1.2056 burst_best<-0 covered<0.3149
    best<inf joining_centre<-0.0961 joining<-1.7433
        | -0.0425 0.0774 0.1163 0 -0.0188 0.0602 0.034 -0.006;
    both_texts_best<0 quiet<1.2831 quiet<2.0794 mean<-1.4472
    meaning_mean<0.3925 days<0.389 joining_days<-1.1303
        | -0.0935 0.02 0.1388 -0.0237 -0.0021 0.0346 -0.0939 -0.0023;
    centre<0.0487 margin<0.6641 cosine<0.0519 shared<1.4649
    mean<-1.4472 meaning_margin<-0.1107 both_texts_best<0
        | -0.0116 -0.0602 -0.0144 0.069 -0.0211 0.1171 -0.0308 0.0018;
    burst<3.989 size<2.5649 meaning_margin<-0.1901 covered_size<0.6792
    joining<1.0404 best<inf second<-0.9909
        | -0.0012 0.0287 0.0293 -0.058 -0.0356 0 0.0209 0.0791;
    covered<0.6184 covered<0.3149 joining_days<-1.1303 covered<0.261
    mean<-3.2695 best<inf joining_best<-1.4093
        | 0.0027 -0.0306 0.139 0.0105 -0.1158 0 0.0835 -0.0256;
    joining_texts<1.5599 joining<1.3599 meaning_mean<0.7018 quiet<7.1225
    size<4.0431 margin<-2.9798 second<1.0538
        | 0.0041 -0.0612 -0.0464 0.048 -0.0269 0.073 -0.0693 0.0096;
    meaning_margin<0.3 joining_days<-1.1303 joining_days<-0.3301 days<1
    covered<0.3149 best<inf joining_days<0.1518
        | 0.0329 -0.0661 -0.0016 0.0248 0.0997 0 -0.068 0.0104;
    second<-4.9415 centre<0.1188 both_texts_best<0 joining_best<-7.6965
    meaning_margin<-0.3137 joining_meaning<0.771 margin<-8.1114
        | 0.0968 -0.0248 0.2078 0.0007 -0.0694 0.031 0.0658 -0.0005;
    second<-4.9415 centre<0.1188 meaning<0.3336 joining<-0.3593
    shared<2.1319 joining_meaning<-0.2418 burst_best<-0
        | -0.0672 0.0272 -0.0191 0.1638 -0.0827 -0.0135 0.0307 -0.0036;
    mean<-6.3303 best<inf both_texts_best<0 best<inf
    best<inf joining<1.2056 quiet<4.5539
        | 0.0835 0 0 0 -0.0638 0.0249 0.0052 -0.0143;
    best_single<0 margin<-0.2252 margin<0.6641 meaning<0.6261
    covered<0.1497 burst_texts<0.6931 meaning_margin<-0.1631
        | 0.0143 0.1634 0.0004 -0.0607 -0.0097 -0.0774 -0.0924 0.0111;
    covered<0.6184 joining<-1.5803 joining_days<-1.1303 meaning_mean<0.4636
    joining_meaning<-0.5948 best<inf joining_best<-1.4093
        | -0.0545 0.0365 -0.0366 0.0065 -0.1085 0 0.0792 -0.0232;
    centre<0.0487 margin<0.6641 centre<0.0614 shared<1.7521
    mean<-1.4472 shared<1.8019 best_single<-2.9664
        | -0.0209 -0.0675 -0.0154 0.0633 0.1048 -0.0432 0.0288 -0.0019;
    mean<-6.3303 best<inf meaning<0.3336 best<inf
    best<inf joining_days<1.2056 burst_best<-0
        | 0.0779 0 0 0 -0.0304 0.0905 0.0275 -0.0025;
    meaning_margin<0.3 burst_texts<0.6931 joining_days<-0.3301 meaning_mean<0.6258
    margin<-1.4171 best<inf joining<1.6221
        | -0.0087 0.0174 -0.1038 0.0704 0.0947 0 -0.0482 0.0314;
    centre<0.0224 size<4.0431 shared<1.3048 best<inf
    best<inf joining_days<-0.048 best<-5.1208
        | -0.0677 0 0.0079 0 -0.0426 0.1119 0.0618 -0.0008;
    joining_days<-1.1303 rivals<1.0986 joining_days<-0.6001 quiet<2.0794
    meaning_margin<-0.0828 cosine<0.1784 joining<-0.7367
        | 0.066 -0.0882 -0.014 -0.1057 -0.0446 0.0648 -0.0166 0.004;
    quiet<4.5539 seen<1 shared<3.2308 joining_meaning<-0.7801
    meaning_margin<-0.3137 margin<-1.078 meaning_mean<0.5279
        | 0.1654 0.0184 0.0327 -0.0063 0.0002 -0.0478 0.1199 0.011;
    best_size<9.5036 cosine<0.3274 agreeing<1 joining_centre<-0.0961
    quiet<1.2831 meaning_mean<0.6258 rivals<1.0986
        | -0.02 0.0061 0.0418 -0.0254 0.0209 -0.0724 0.0074 0.0631;
    best_single<0 margin<-0.2252 margin<0.6641 meaning<0.6261
    covered<0.1276 joining_best<1.6093 shared<2.3497
        | 0.0127 0.1344 0.0099 -0.0492 -0.0069 -0.0659 -0.0336 0.0135;
    joining<-1.5803 quiet<2.0794 joining_meaning<-0.5948 meaning_mean<0.4636
    best<inf shared<2.3497 joining_centre<0.0309
        | -0.0482 0.0426 -0.0873 0 -0.094 -0.0104 0.0212 -0.0036;
    quiet<4.5539 seen<1 quiet<6.4135 joining_days<-0.3301
    joining<1.8262 joining_days<-0.3301 joining<1.1028
        | 0.1347 0.0153 0.0005 -0.0432 0.0384 -0.0405 -0.0163 0.0682;
    centre<0.0487 meaning_margin<0.036 best<-5.1208 shared<1.3048
    centre<0.0293 meaning_mean<0.2578 both_texts_best<0
        | 0.0034 -0.0501 -0.0137 0.0521 0.1372 -0.0411 -0.0397 0.0022;
    joining_texts<1.5599 joining<1.3599 size<2.5649 quiet<7.1225
    meaning_margin<0.036 meaning_margin<0.036 joining<1.6221
        | 0.0039 -0.0573 -0.055 0.0129 -0.0083 0.0546 -0.0776 0.0031;
    mean<0.5495 cosine<0.3274 margin<-0.7017 agreeing<1
    covered_size<0.2372 meaning_margin<-0.1107 joining_best<-3.2289
        | 0.0043 -0.0433 0.1015 -0.0048 -0.0032 -0.0874 0.0403 -0.0104;
    meaning_margin<0.3 burst_texts<0.6931 joining_days<-0.3301 shared<3.5215
    margin<-1.4171 best<inf centre_size<0.2484
        | 0.0009 -0.0517 -0.0993 0.0659 0.0853 0 -0.0873 -0.0053;
    centre<0.2346 centre<0.166 meaning<0.414 joining_centre<-0.0961
    joining_days<-1.6115 shared<3.0481 meaning<0.6261
        | -0.038 0.004 0.1836 0.0181 0.081 -0.0603 -0.0382 0.0003;
    joining_days<-1.1303 rivals<1.0986 joining_days<-0.6001 shared<2.8967
    meaning_margin<-0.0828 cosine<0.1784 covered_size<0.3179
        | -0.0207 0.1368 -0.0159 -0.1044 -0.0419 0.0559 -0.0063 0.0102;
    best_single<0 joining_days<1.0862 margin<0.6641 meaning<0.6261
    rivals<1.0986 joining_best<1.6093 cosine<0.1784
        | -0.0061 0.0528 0.0073 0.1599 -0.0052 -0.0595 0.0357 -0.0025;
    burst_best<-0 meaning_margin<-0.0828 best_single<-2.9664 joining<-0.7367
    margin<2 covered<0.1979 shared<2.3497
        | -0.0739 0.0222 0.0784 -0.0322 0.0079 0.188 -0.026 0.0013;
    meaning_margin<0.3 joining_days<-1.1303 meaning_mean<0.5702 joining<-1.7433
    covered<0.3149 best<-0.0231 joining_days<-0.3301
        | 0.0422 -0.0588 -0.0013 0.0217 -0.0221 0.0736 0.0788 -0.0374;
    joining_best<-1.0101 shared<2.6388 best<2.1247 meaning_mean<0.7018
    shared<2.7605 days<0.139 days_texts<0.1426
        | -0.006 0.1316 -0.0811 -0.0084 0.0349 -0.0021 -0.0397 0.0405;
    centre<0.0224 size<4.0431 shared<1.3048 best<inf
    best<inf joining_days<-0.048 quiet<5.5136
        | -0.0654 0 0.0069 0 -0.0399 0.0994 0.0025 -0.0137;
    joining_texts<1.5599 joining<1.6221 meaning_mean<0.5702 burst_best<-0
    meaning_margin<0.036 margin<-2.9798 meaning_margin<-0.0154
        | 0.0213 -0.0029 -0.0715 0.0394 -0.0124 0.1297 -0.0582 0.0223;
    second<-4.9415 centre<0.1188 joining_best<-4.7893 quiet<2.0794
    meaning_margin<-0.3137 rivals<1.0986 joining_best<-3.2289
        | -0.0466 0.0321 0.1525 -0.0046 -0.0903 0.0365 0.0313 -0.0014;
    meaning_mean<0.334 joining_meaning<-0.2418 burst_best<-0 best<inf
    cosine<0.1521 joining_centre<-0.0961 best<-3.4516
        | -0.0832 0 -0.0246 0.0388 -0.0141 0.055 0.0502 -0.0037;
    both_texts_best<0 quiet<1.2831 margin<-8.1114 mean<-1.4472
    joining_best<-1.4093 seen<0.8 meaning<0.3336
        | -0.0909 0.021 -0.0072 0.142 -0.0538 0.0838 -0.0212 0.0025;
    burst<3.989 size<2.5649 seen<0.25 covered_size<0.3179
    joining<1.0404 best<inf best<inf
        | -0.0027 0.0158 0.0264 -0.0481 -0.0059 0 0.0646 0;
    second<-4.9415 joining_centre<-0.1429 both_texts_best<0 best<inf
    quiet<2.0794 joining_meaning<0.3989 covered<0.0589
        | 0.115 0 -0.0427 0.0366 -0.088 0.0027 -0.0314 0.002;
    covered<0.6184 meaning_mean<0.7018 joining_days<-0.6001 joining_best<-0.6201
    shared<2.6388 best<inf joining_best<-1.0101
        | -0.0149 0.005 0.0781 -0.0033 -0.0952 0 0.0795 -0.0168;
    mean<-6.3303 best<inf both_texts_best<0 best<inf
    best<inf rivals<1.0986 second<-1.9243
        | 0.0648 0 0 0 -0.0536 0.0396 0.0096 -0.0038;
    joining_texts<1.5599 joining<1.6221 mean<-4.2021 quiet<7.1225
    meaning_margin<0.036 best<inf meaning_margin<-0.0154
        | 0.0027 -0.0485 -0.0665 0.0371 0.0872 0 -0.0393 0.0303;
    meaning_margin<0.3 burst_texts<0.6931 joining_days<-0.3301 shared<3.5215
    margin<-1.4171 best<inf centre_size<0.2484
        | 0.0011 -0.0479 -0.0952 0.0593 0.0761 0 -0.0742 -0.0042;
    quiet<6.4135 quiet<5.5136 meaning<0.6261 meaning<0.7135
    shared<3.2308 joining<1.1028 cosine<0.1322
        | 0.0075 -0.012 -0.0582 0.0351 -0.0384 0.0429 -0.0838 0.0898;
    joining_meaning<-0.5948 joining<-1.5803 joining<-1.5803 quiet<2.0794
    shared<2.3497 best<inf joining_centre<0.0309
        | 0.0255 -0.0856 -0.0909 -0.0108 -0.0728 0 0.0203 -0.0029;
    burst<3.989 size<2.5649 seen<0.25 days_texts<1
    joining<1.0404 best<inf best<inf
        | -0.0006 0.0327 0.0246 -0.0426 -0.0044 0 0.0618 0;
    cosine<0.031 best<inf shared<1.3048 best<inf
    best<inf joining_days<-0.048 second<-4.9415
        | -0.0549 0 0 0 -0.0349 0.0983 0.0271 -0.0015;
    meaning_margin<-0.5076 seen<0.8 meaning<0.3135 shared<1.9818
    rivals<1.0986 covered<0.3149 meaning_mean<0.2371
        | -0.0078 -0.0612 0.0015 0.0965 -0.0339 0.0855 0.1453 -0.0001;
    centre<0.2346 centre<0.166 joining_best<-3.2289 joining_centre<-0.0961
    joining_days<-1.6115 days<0.139 days<0.389
        | -0.035 0.0034 0.1528 0.0156 0.0916 -0.0424 -0.0289 0.0068;
    quiet<4.5539 seen<1 quiet<6.4135 joining_days<-0.3301
    meaning_margin<-0.3137 best_single<-2.2017 meaning<0.6261
        | 0.1156 0.0141 0.029 -0.0053 0.0234 -0.039 -0.0135 0.0588;
    joining_days<-1.1303 rivals<1.0986 joining_days<-0.6001 quiet<2.0794
    meaning_margin<-0.0828 days<0.6916 covered_size<0.3179
        | 0.0532 -0.0849 -0.0152 -0.1002 -0.0027 0.0906 -0.0059 0.0101;
    best_single<0 margin<-0.2252 margin<-4.8232 meaning_mean<0.5702
    meaning_single<0.3588 size<1.0986 rivals<1.3863
        | 0.0068 0.0874 0.048 -0.0364 0.0065 -0.0568 0.004 -0.0211;
    quiet<4.5539 seen<0.6471 seen<0.8 days<0.2534
    joining<-0.7367 joining_days<0.3265 joining<0.93
        | -0.0168 0.0803 -0.0103 0.0075 0.0092 -0.0672 -0.0173 0.0398;
    best_single<0 margin<-0.2252 margin<-4.8232 burst_meaning<0.4017
    covered<0.1276 size<1.0986 meaning_margin<-0.3845
        | 0.0157 0.1875 0.0145 -0.046 0.0056 -0.0543 0.0695 -0.0016;
    joining_best<-7.6965 margin<-2.113 joining_best<-4.7893 best<inf
    best<inf rivals<1.0986 joining_best<-3.7138
        | -0.0065 0 0.0807 0 -0.0848 0.0469 0.0336 -0.0004;
    cosine<0.031 best<inf shared<1.3048 best<inf
    best<inf joining<0.1342 quiet<5.5136
        | -0.0526 0 0 0 -0.0164 0.1004 0.0021 -0.0127;
    joining_texts<1.5599 joining<1.6221 meaning_mean<0.5702 quiet<7.1225
    meaning_margin<0.036 margin<-2.9798 joining_days<0.1518
        | 0.0027 -0.0468 -0.0632 0.034 -0.01 0.1137 0.0652 -0.0149;
    burst_best<-0 is_old<1 meaning_mean<0.2371 meaning_margin<-0.0828
    best<inf shared<2.2711 rivals<1.3863
        | -0.0171 0.0368 0.1449 0 -0.0179 0.1046 0.0003 -0.0224;
    quiet<6.4135 quiet<5.5136 best_size<-1.6374 meaning<0.7135
    shared<3.2308 quiet<7.1225 joining<1.1028
        | 0.0063 -0.01 -0.0525 0.0305 -0.022 -0.0706 -0.0018 0.0847;
    both_texts_best<0 meaning_mean<0.2578 joining<-0.7367 best<inf
    joining_meaning<0.3989 shared<2.0474 joining<0.7937
        | 0.0763 0 -0.0879 -0.0011 -0.0561 0.0042 0.0187 -0.0059;
    burst_best<-0 is_old<1 centre<0.166 meaning_margin<-0.0828
    best<inf joining_meaning<-0.7801 centre<0.1923
        | -0.0157 0.0343 0.1327 0 -0.0804 -0.0052 0.0472 -0.0031;
    joining<-1.5803 quiet<2.0794 joining_days<-1.1303 second<-1.9243
    best<inf days<1 joining_days<-0.6001
        | 0.0672 -0.0053 -0.0835 0 -0.0096 -0.0938 0.0478 -0.0031;
    burst<3.989 size<3.3322 second<-0.9909 covered_size<0.3179
    mean<-1.9182 best<inf cosine<0.2594
        | -0.0029 0.0096 0.0211 -0.0653 -0.0051 0 0.0689 0.0196;
    meaning_margin<-0.5076 seen<0.8 meaning_mean<0.334 best<inf
    rivals<1.0986 joining_meaning<-0.2418 centre<0.0748
        | -0.0403 0 0.0009 0.0825 -0.081 -0.0041 0.0335 -0.0008;
    centre<0.0487 margin<0.6641 centre<0.0614 shared<2.0474
    mean<-1.4472 shared<1.8019 meaning_margin<-0.2476
        | -0.0162 -0.0725 -0.0197 0.051 0.0801 -0.0436 0.0141 -0.0026;
    joining_best<-7.6965 margin<-2.113 joining_best<-4.7893 best<inf
    best<inf meaning_margin<0.1609 joining_best<-3.2289
        | -0.0053 0 0.0725 0 0.0085 -0.1299 0.0258 -0.0009;
    joining_days<0.3265 seen<1 days<1 joining_meaning<-0.7801
    joining<1.8262 second<1.0538 burst_best<-0
        | 0.1074 0.0116 0.0011 -0.0448 -0.0772 0.0088 0.1045 -0.0041;
    joining_texts<1.5599 joining<1.3599 seen<0.8 quiet<7.1225
    centre<0.3115 best<inf mean<-4.2021
        | 0.0029 -0.0489 -0.0074 -0.0735 -0.0533 0 0.1225 0.0109;
    quiet<7.63 joining_days<1.687 rivals<1.0986 both_texts_best<0
    shared<3.2308 joining_best<-2.3127 joining_days<1.687
        | -0.0321 0.002 -0.0904 0.0091 -0.0558 -0.0041 -0.0227 0.1557;
    cosine<0.031 best<inf shared<1.3048 best<inf
    best<inf joining<0.1342 best<-5.1208
        | -0.0501 0 0 0 -0.0175 0.0896 0.0454 -0.0008;
    burst<3.989 size<3.3322 seen<0.25 covered_size<0.3179
    is_old<1 best<inf best<inf
        | -0.0029 0.0095 -0.0637 0.015 -0.0045 0 0.0558 0;
    best_single<0 meaning<0.6261 best<-2.2981 rivals<1.0986
    joining_best<1.6093 mean<-6.3303 rivals<1.0986
        | -0.0192 0.0263 0.0109 0.1662 0.0504 -0.0332 0.0124 -0.0094;
    meaning_margin<0.3 meaning_mean<0.6258 joining_days<-0.3301 burst_texts<0.6931
    rivals<1.0986 best<inf centre_size<0.2484
        | -0.0075 0.0446 0.0776 -0.0087 0.072 0 -0.068 -0.0039;
    joining_meaning<-0.5948 quiet<2.0794 joining<-1.5803 joining<-1.5803
    best<inf best<inf joining<-1.4756
        | 0.0205 -0.0259 -0.0849 0 -0.0707 0 0.0795 0.0028;
    best_single<-2.9664 covered<0.1979 best<-1.964 meaning_margin<-0.2476
    shared<2.2711 meaning_mean<0.6258 covered<0.1276
        | 0.0359 -0.0362 0.0133 0.1826 -0.0243 0.0998 0.0246 -0.0017;
    joining_meaning<-0.5948 rivals<1.3863 joining<-1.5803 margin<-0.2252
    cosine<0.3274 best<inf joining_centre<-0.055
        | 0.0498 -0.0087 -0.0978 0.0082 -0.0692 0 0.0306 0.0004;
    best_size<9.5036 meaning_mean<0.7018 joining_days<0.0466 joining_centre<-0.2144
    shared<2.6388 best<inf joining<1.1028
        | -0.0152 0.0023 0.0642 0.0018 -0.117 0 0.0395 -0.0231;
    joining_days<-1.1303 rivals<1.0986 meaning_margin<0.3 shared<2.8967
    meaning_margin<-0.0828 covered<0.3149 meaning_mean<0.5702
        | -0.0196 0.1217 -0.0137 -0.0959 -0.0019 0.0195 0.0411 -0.0262;
    best<-3.4516 joining_centre<-0.1429 best<-2.8067 cosine<0.1235
    cosine<0.1418 joining_best<2.8803 shared<1.3048
        | 0.2378 -0.0116 -0.0179 0.0577 -0.0068 -0.0798 0.0637 -0.0003;
    joining_best<-7.6965 margin<-2.113 both_texts_best<0 best<inf
    best<inf joining_best<-0.6201 margin<-8.1114
        | -0.0042 0 0.0697 0 -0.059 0.0285 0.0432 0.0001;
    quiet<7.63 joining_days<1.687 joining<1.2056 both_texts_best<0
    shared<3.2308 best<inf rivals<1.0986
        | -0.0298 0.0019 -0.0852 0.0084 -0.0534 0 -0.0233 0.1399;
    second<-4.9415 mean<-4.0199 both_texts_best<0 joining_best<6.0971
    best<inf joining_meaning<0.3989 covered<0.0589
        | 0.0241 -0.0691 0.092 0 -0.0842 0.0077 -0.0315 0.0017;
    quiet<4.5539 seen<0.6471 quiet<6.4135 joining_meaning<-0.7801
    meaning_margin<-0.3472 joining_centre<-0.1429 meaning<0.6261
        | 0.1572 0.0101 0.0279 -0.0031 0.0613 -0.0301 -0.0099 0.0492;
    joining_best<0.7588 days_texts<0.1426 meaning_margin<-0.0524 shared<3.2308
    quiet<1.2831 quiet<0.5219 cosine<0.1965
        | 0.003 0.0565 -0.092 0.0172 -0.0684 0.0227 0.0518 -0.0183;
    joining_days<-1.1303 joining<-1.7433 meaning_margin<0.3 quiet<2.0794
    meaning_margin<0.1609 covered<0.3149 joining<1.6221
        | 0.0767 -0.0696 -0.0663 0.0052 -0.0014 0.0176 -0.0269 0.0266;
    best_single<-2.9664 covered<0.1979 quiet<0.5219 margin<-1.078
    margin<-2.113 days<0.389 days<0.6916
        | 0.0169 -0.062 0.0137 0.1669 -0.0018 0.0479 -0.0578 -0.0051;
    joining_meaning<-0.5948 quiet<2.0794 joining<0.7937 rivals<1.3863
    best<inf quiet<4.5539 meaning_margin<0.036
        | 0.0084 -0.0434 -0.0823 0 0.024 -0.0118 -0.018 0.0103;
    best<-0.0231 meaning_mean<0.6258 joining_best<-3.2289 joining_best<2.8803
    margin<-0.2252 burst_meaning<0.4017 meaning_margin<0.036
        | 0.0041 -0.0367 0.0692 -0.0056 -0.0765 0.0677 -0.0271 0.0045;
    best<-3.4516 joining_centre<-0.1429 shared<1.3048 days<1
    quiet<2.0794 joining_best<0.7588 best<-1.964
        | 0.201 -0.0123 -0.0419 0.0166 0.0953 -0.0264 -0.0169 0.0009;
    best<-5.1208 meaning_mean<0.2578 both_texts_best<0 meaning<0.2061
    best<inf joining_meaning<0.3989 second<-1.9243
        | -0.0306 0.15 -0.039 0 -0.0845 0.0061 0.0085 -0.0036;
    joining_meaning<-0.5948 meaning_mean<0.6258 joining<-1.5803 covered<0.261
    rivals<1.0986 best<inf joining<-1.4756
        | -0.0024 -0.0724 0.0662 -0.02 -0.0672 0 0.0697 0.0022;
    meaning_margin<0.3 burst_texts<0.6931 rivals<1.0986 shared<3.5215
    margin<-1.4171 seen<1 both_texts<1
        | 0.001 -0.0471 -0.0902 0.0532 0.0381 -0.0292 0.0134 0.0677;
    centre<0.166 joining_centre<-0.0961 meaning_margin<-0.3472 covered<0.1979
    joining_days<0.1518 margin<-2.113 cosine<0.1784
        | -0.0446 0.0971 0.0194 -0.016 0.0092 0.1424 0.0349 -0.0043;
    quiet<7.63 quiet<7.1225 joining<1.2056 quiet<6.4135
    shared<3.5215 best<inf rivals<1.0986
        | -0.0011 0.0257 -0.0663 0.0487 -0.0516 0 -0.0224 0.1261;
    quiet<4.5539 seen<0.6471 joining_meaning<-0.2418 joining_meaning<-0.7801
    joining<-0.7367 meaning_mean<0.6258 margin<-1.078
        | 0.1441 0.0092 -0.0085 0.0062 0.0033 0.0807 0.0025 -0.0363;
    centre<0.0224 burst<3.989 best_single<-2.9664 best<inf
    best<inf shared<2.0474 quiet<0.5219
        | -0.0541 0 0.0043 0 -0.0168 0.0566 0.0043 -0.0078;
    cosine<0.1521 days<0.139 covered<0.1185 meaning_margin<-0.0524
    margin<-0.2252 quiet<0.5219 joining_best<0.7588
        | -0.0108 0.0578 -0.006 -0.0718 0.1465 -0.009 0.0077 -0.0123;
    days_texts<1 days_texts<0.4904 meaning_mean<0.2578 quiet<7.1225
    best_size<2.0899 best<inf meaning<0.566
        | 0.0011 -0.0404 -0.1041 0.0464 0.1215 0 -0.0567 0.0222;
    best_single<0 joining_days<0.9086 margin<-4.8232 shared<2.0474
    shared<2.7605 cosine<0.2594 meaning_margin<-0.0828
        | -0.0218 0.0132 0.0856 -0.036 -0.0391 0.0466 0.018 -0.0056;
    quiet<7.63 joining_days<1.687 joining_meaning<0.4506 meaning_mean<0.334
    shared<3.2308 best<inf rivals<1.0986
        | -0.0144 0.0026 -0.0788 0.0085 -0.0506 0 -0.0153 0.1098;
    second<-7.0168 best<inf meaning_mean<0.334 best<inf
    best<inf cosine<0.1521 meaning_margin<-0.2476
        | 0.0514 0 0 0 -0.0344 0.021 0.025 -0.0013;
    best<-3.4516 joining_centre<-0.1429 joining_days<-1.1303 cosine<0.1235
    quiet<2.0794 shared<2.8967 joining_best<-3.2289
        | 0.1817 -0.0168 -0.0373 0.0142 -0.0471 0.0513 0.02 -0.0012;
    covered_size<0.3179 size<1.0986 margin<-2.9798 meaning_mean<0.6258
    shared<1.8592 joining_meaning<0.3989 mean<-3.2695
        | -0.006 0.0199 0.0163 -0.0398 0.0124 -0.0748 0.1119 0.008;
    best<-0.0231 meaning_mean<0.6258 joining_best<-3.2289 joining_best<2.8803
    centre<0.166 meaning_margin<0.1609 meaning_margin<0.036
        | 0.0044 -0.0337 -0.0056 0.0626 0.0655 -0.0662 -0.0245 0.0037;
    best<-3.4516 meaning_margin<-0.0828 joining_days<-1.1303 joining_centre<-0.1429
    joining_days<0.7037 shared<2.8967 shared<1.3048
        | 0.1333 0.0104 -0.064 0.005 -0.0452 0.0444 0.0532 -0.0001;
    joining_best<-7.6965 margin<-2.113 joining_best<-4.7893 best<inf
    best<inf rivals<1.0986 joining_best<-3.7138
        | -0.0057 0 0.0664 0 -0.0819 0.0476 0.0265 -0.0002;
    second<-1.9243 meaning<0.4622 quiet<6.4135 rivals<1.3863
    joining<-1.5803 quiet<1.2831 margin<-1.7534
        | -0.0153 0.0422 0.0659 0.0065 -0 -0.0325 0.0801 0.0077;
    joining_meaning<-0.5948 quiet<2.0794 best<2.1247 rivals<1.0986
    best<inf burst_meaning<0.1766 days_texts<0.1426
        | 0.0183 -0.0209 -0.0793 0 -0.0031 0.0253 -0.0297 0.037;
    best<-5.1208 days_texts<1 both_texts_best<-2.8833 best<inf
    size<1.3863 best<inf meaning<0.3336
        | -0.024 0 0.1011 0.0074 -0.0545 0 -0.0146 0.0016;
    best<-3.4516 covered<0.1979 joining_days<-1.1303 meaning_margin<-0.0828
    margin<-2.113 shared<2.8967 covered_size<0.3179
        | 0.0197 -0.0535 -0.0129 0.1661 -0.0426 0.0409 -0.0035 0.0082;
    best<-3.4516 meaning_margin<-0.0828 best<-2.8067 meaning<0.3135
    joining_days<0.7037 joining_best<2.8803 seen<0.6471
        | -0.0152 0.0737 -0.0604 0.0081 -0.0043 -0.0758 0.0154 -0.0019;
    quiet<5.5136 second<-1.9243 quiet<6.4135 meaning_mean<0.6258
    joining_days<1.387 shared<3.2308 meaning<0.4622
        | 0.0045 0.0701 -0.0011 -0.0547 -0.0467 0.0291 -0.024 0.0288;
    centre<0.0224 meaning<0.2529 shared<1.3048 best<inf
    best<inf joining<0.1342 best<-5.1208
        | 0.0032 0 -0.0528 0 -0.0172 0.0728 0.0373 -0.0005;
    cosine<0.3274 joining_centre<-0.2144 meaning_margin<-0.0154 best_size<2.0899
    margin<2 rivals<1.3863 joining_best<-6.2825
        | -0.0124 -0.1989 -0.0016 0.0196 0.0985 0.0003 0.0618 -0.0128;
    size<2.3979 days_texts<1 margin<-2.113 days_texts<0.4904
    joining_best<-1.0101 joining_meaning<0.4506 meaning_mean<0.5702
        | 0.0006 -0.0601 -0.0248 0.0596 -0.0239 -0.0772 0.035 -0.0273;
    quiet<5.5136 joining<1.8262 quiet<6.4135 seen<0.6471
    meaning_margin<0.036 cosine<0.0871 joining<1.1028
        | 0.0273 0.0007 -0.0497 0.0195 0.0328 -0.0432 -0.0118 0.0403;
    meaning_margin<0.3 joining_texts<0.9735 rivals<1.0986 joining_meaning<1.1711
    meaning_margin<-0.0154 seen<1 both_texts<1
        | 0.0007 -0.0725 -0.0319 0.0529 0.0338 -0.0268 0.0126 0.0659;
    meaning_margin<-0.5076 seen<0.8 mean<-6.3303 best<inf
    joining_days<1.2056 best<inf meaning<0.3336
        | -0.0346 0 0.0184 0.0928 0.0529 0 -0.021 0.0007;
    best_single<0 margin<-0.2252 cosine<0.2594 meaning_mean<0.5702
    meaning_mean<0.4945 joining_centre<-0.2144 meaning_margin<-0.0828
        | 0.0042 0.0572 0.0211 -0.0464 -0.0489 -0.0013 0.0511 -0.0049;
    joining<0.7937 covered<0.0503 covered<0.3149 joining<-0.7367
    centre<0.0748 joining<1.1028 joining<1.0404
        | -0.0756 -0.0046 0.0504 0.0018 -0.0457 0.0017 0.0482 -0.002;
    covered<0.261 centre<0.3115 joining_days<-1.1303 agreeing<1
    joining<-0.7367 days<1 days<0.2534
        | 0.0066 -0.0348 0.1097 -0.0656 0.0075 -0.0994 -0.0136 0.0131;
    quiet<4.5539 shared<2.6388 meaning<0.7135 joining_best<2.8803
    joining_best<-1.0101 joining<1.8262 cosine<0.1521
        | 0.016 -0.0295 -0.0278 0.0045 -0.0199 0.0741 -0.0961 0.0471;
    best_single<-2.9664 covered<0.1979 quiet<0.5219 margin<-1.078
    joining_centre<-0.1429 days<0.389 joining_best<-3.2289
        | 0.0138 -0.0557 0.1357 0.0122 -0.0023 0.0429 -0.0536 -0.0037;
    size<1.0986 days_texts<0.1426 margin<-1.7534 meaning_mean<0.6258
    quiet<7.1225 joining_meaning<0.1856 joining<-1.4756
        | -0.0017 0.019 -0.0738 0.0607 0.0076 -0.0591 -0.0448 0.0096;
    covered<0.261 centre<0.3115 joining_days<-1.1303 agreeing<1
    joining<-0.7367 days<1 covered<0.3149
        | 0.0064 -0.0324 0.1019 -0.061 0.0068 -0.0964 -0.0215 0.007;
    size<2.3979 days_texts<1 margin<-2.113 days_texts<0.4904
    joining_best<2.8803 joining_meaning<0.4506 mean<-1.9182
        | 0.0005 -0.0524 0.005 0.0976 -0.0215 -0.0733 0.0505 -0.0171;
    burst<3.989 size<3.3322 second<-0.9909 covered_size<0.3179
    is_old<1 best<inf cosine<0.2594
        | -0.0021 0.0072 -0.0606 0.0095 -0.0065 0 0.062 0.0179;
    meaning_margin<0.3 joining_texts<0.9735 rivals<1.0986 joining_meaning<1.1711
    meaning_margin<-0.0154 joining_days<-0.3301 covered<0.6184
        | 0.0005 -0.0647 -0.0276 0.05 0.0642 -0.0219 0.0587 0.0045;
    burst<3.989 size<3.3322 seen<0.25 meaning_margin<-0.5076
    second<-0.9909 best<inf best<inf
        | 0.0242 -0.0003 0.0112 -0.0567 -0.0051 0 0.0511 0;
    joining<-1.5803 meaning_mean<0.4636 joining_meaning<-0.5948 meaning_margin<-0.0154
    centre_size<0.165 shared<2.3497 joining<-1.4756
        | -0.0127 -0.0938 0.0323 -0.0443 -0.0841 -0.0044 0.0605 0.0015;
    quiet<4.5539 joining<-0.7367 joining_meaning<-0.2418 shared<2.0474
    joining<0.7937 meaning_mean<0.6258 margin<-1.078
        | -0.0539 0.0041 0.0249 -0.0042 0.0052 0.0713 0.0016 -0.0333;
    burst<3.989 size<2.3979 second<-0.9909 days_texts<1
    margin<-1.7534 best<inf cosine<0.2594
        | -0.0003 0.0249 -0.0683 -0.004 -0.0063 0 0.0593 0.0162;
    covered<0.261 centre<0.3115 joining_days<-1.1303 agreeing<1
    joining<-0.7367 days<1 covered<0.3149
        | 0.0058 -0.0295 0.0943 -0.0569 0.0051 -0.0948 -0.0197 0.0066;
    joining<-1.5803 meaning_margin<-0.1631 joining_days<-1.1303 best_single<-3.5552
    second<-1.9243 mean<0.5495 joining_days<-0.6001
        | 0.0206 -0.0694 0.0547 -0.0047 -0.0856 0.0119 0.0376 -0.0028;
    cosine<0.1521 days<0.139 covered<0.1185 meaning_margin<-0.0524
    margin<-0.2252 quiet<0.5219 joining_best<0.7588
        | -0.0077 0.0521 -0.0066 -0.0679 0.1264 -0.0073 0.0065 -0.0111;
    best_single<-2.9664 covered<0.1979 quiet<0.5219 centre<0.1188
    meaning<0.414 days<0.389 days<0.6916
        | -0.0211 0.0341 0.0177 0.1291 -0.0017 0.0373 -0.0562 -0.0032;
    second<-4.9415 meaning_margin<-0.0524 both_texts_best<-2.8833 covered<0.0589
    cosine<0.0735 best<inf joining_centre<-0.0961
        | 0.0829 0.0053 -0.0561 -0.0084 -0.055 0 -0.0062 0.0027;
    centre<0.166 joining_meaning<-0.7801 covered<0.1782 centre<0.099
    meaning_single<0.4718 mean<-1.4472 best<-1.5705
        | 0.0343 -0.0723 -0.0075 0.0407 -0.023 0.05 0.039 -0.0058;
    joining<-1.5803 quiet<2.0794 joining_meaning<-0.5948 meaning_mean<0.4636
    best<inf covered_size<0.2733 joining<-1.4756
        | -0.0354 0.025 -0.0759 0 -0.0342 0.0601 0.0566 0.0012;
    quiet<4.5539 joining_days<1.687 meaning<0.7135 joining<-0.7367
    rivals<1.0986 shared<3.2308 cosine<0.1521
        | -0.0052 0.0083 0.0168 -0.0701 -0.0189 0.059 -0.0892 0.044;
    size<1.0986 meaning_mean<0.6258 margin<-1.7534 meaning_single<0.555
    rivals<1.0986 is_old<1 joining<0.2756
        | 0.0033 -0.0388 0.0475 -0.0017 -0.0668 -0.0076 -0.0205 0.0119;
    meaning_margin<0.3 joining_texts<0.9735 joining<1.6221 joining_meaning<1.1711
    meaning_margin<-0.0154 days_texts<0.1426 best_size<2.0899
        | 0.0006 -0.058 -0.0254 0.0458 -0.041 0.0289 -0.0542 0.0489;
    meaning_margin<0.3 meaning_mean<0.7018 meaning_mean<0.5702 burst_texts<0.6931
    mean<-1.4472 covered<0.1627 joining_texts<0
        | -0.0039 0.0289 0.107 0.0068 -0.0305 0.0618 0.0597 -0.0223;
    shared<1.7521 joining_best<2.8803 cosine<0.1521 margin<-0.7017
    best<inf margin<-1.4171 covered<0.1185
        | 0.0499 -0.0315 -0.0724 0 -0.0338 0.0075 0.0586 0.0004;
    joining_best<-7.6965 margin<-2.113 joining<1.8262 best<inf
    best<inf joining_texts<1.5599 quiet<7.63
        | -0.0071 0 0.0609 0 -0.0002 0.0321 -0.0224 0.0554;
    burst<3.989 size<2.3979 second<-0.9909 cosine<0.3274
    margin<-1.7534 best<inf best<inf
        | -0.0017 0.0125 -0.0646 -0.0042 -0.0051 0 0.047 0;
    shared<2.6388 meaning_mean<0.7018 joining_days<-0.3301 joining_days<-1.6115
    centre<0.166 meaning<0.7135 covered_size<0.2733
        | -0.0784 0.0018 -0.0488 0.0826 0.0489 -0.0257 -0.0258 0.0033;
    centre<0.2346 meaning<0.4622 joining_best<-3.2289 mean<-1.4472
    joining_best<-2.763 days<0.139 days<0.389
        | -0.0166 0.0307 0.0709 0.0066 0.0777 -0.03 -0.0228 0.0059;
    best<-3.4516 shared<2.1319 shared<1.3048 joining_best<4.5616
    shared<2.3497 joining_meaning<-0.0468 covered<0.0589
        | 0.0044 -0.0688 0.1257 -0.0115 -0.0138 0.0802 -0.0309 -0.0007;
    second<-4.9415 joining<1.8262 both_texts_best<0 mean<-4.0199
    best<inf joining_meaning<0.3989 margin<-8.1114
        | -0.013 0.0749 0.0894 0 -0.0816 0.0107 0.0453 -0.0006;
    second<-4.9415 meaning_margin<-0.0524 both_texts_best<0 rivals<0.6931
    cosine<0.0735 joining_centre<0.0942 margin<-8.1114
        | 0.0623 -0.0033 -0.0541 -0.0083 -0.0799 0.0099 0.0408 -0.0006;
    quiet<5.5136 seen<0.6471 quiet<6.4135 joining_meaning<-0.7801
    burst<3.2958 margin<-2.5167 joining<1.1028
        | 0.1161 0.0054 -0.0013 0.0538 -0.063 -0.0119 -0.0107 0.0357;
    joining_days<0.5496 seen<1 shared<2.1319 covered<0.1627
    joining<1.8262 meaning_single<0.4718 size<1.3863
        | -0.0131 0.0286 0.0012 -0.037 0.0081 0.1122 -0.038 0.0084;
    burst_best<-0 joining<-1.7433 shared<2.2711 best<inf
    margin<2 joining_meaning<-0.7801 meaning_mean<0.2371
        | -0.0788 0 0.0217 -0.0474 -0.0886 -0.0021 0.0734 0.0003;
    size<1.0986 margin<-1.078 margin<-3.5428 second<-1.9243
    joining_days<0.5496 joining<0.8873 days_texts<0.1426
        | 0.0037 0.039 0.0001 -0.052 -0.017 -0.0659 -0.0057 0.0309;
    covered<0.261 centre<0.3115 joining_days<-1.1303 agreeing<1
    shared<2.6388 days<1 mean<-2.2839
        | 0.0057 -0.0278 0.111 -0.0211 0.0044 -0.0923 0.0391 -0.0038;
    cosine<0.031 best<inf shared<1.7521 best<inf
    best<inf joining_best<2.8803 margin<-2.113
        | -0.0397 0 0 0 0.0259 -0.071 -0.0116 0.0021;
    joining_best<-10.1666 best<inf meaning_mean<0.334 best<inf
    best<inf joining_meaning<-0.2418 meaning_margin<-0.2476
        | 0.0421 0 0 0 -0.0777 -0.0002 0.0213 -0.0012;
    quiet<2.9872 days_texts<0.4904 shared<3.2308 days<0.6916
    joining_best<1.6093 margin<-2.113 margin<-3.5428
        | -0.0011 0.0283 -0.058 0.0198 0.0065 -0.0248 -0.0365 0.0515;
    covered<0.261 centre<0.3115 joining_days<-1.1303 agreeing<1
    joining_meaning<-0.4251 days<1 joining_days<-0.3301
        | 0.0052 -0.025 0.0821 -0.0551 0.0022 -0.0909 0.0232 -0.0054;
    centre<0.0487 shared<2.0474 centre<0.0748 joining_meaning<-0.4251
    margin<-2.113 joining<-1.5803 covered<0.0589
        | -0.0514 0.0087 -0.0595 -0.0116 0.0975 -0.0009 0.0578 -0.0017;
    joining_days<-0.048 shared<2.0474 joining<-0.1157 joining_centre<-0.0961
    cosine<0.0802 rivals<1.0986 meaning_mean<0.6258
        | -0.0737 0.002 0.1224 0.0017 0.0091 0.0786 0.0063 -0.0103;
    meaning_mean<0.4636 covered_size<0.3677 centre<0.099 rivals<1.3863
    rivals<1.0986 covered<0.0589 centre<0.1467
        | -0.0177 0.0413 0.0553 -0.0098 -0.0575 0.0804 -0.0277 0.0023;
    size<1.0986 meaning_mean<0.6258 margin<-3.5428 covered<0.261
    rivals<1.0986 joining_meaning<0.3989 days_texts<0.1426
        | 0.0041 -0.0327 0.0446 -0.001 -0.0186 -0.0653 -0.0053 0.0285;
    joining_days<-0.1635 agreeing<1 agreeing<1 joining_best<0.1928
    days<0.389 joining_meaning<-0.5948 joining_best<-2.763
        | 0.0444 -0.0042 -0.0602 0.0139 -0.0654 0.0003 0.0766 0.0042;
    joining_days<-1.1303 rivals<1.0986 meaning_margin<0.3 shared<2.8967
    meaning_margin<-0.0828 meaning<0.8154 centre_size<0.2484
        | -0.014 0.0902 -0.0066 -0.088 0.0009 0.0376 -0.0449 0.0009;
    size<1.0986 centre_size<0.2484 margin<-1.7534 margin<-1.078
    quiet<0.5219 is_old<1 joining<0.2756
        | 0.0119 -0.0065 0.088 -0.0019 -0.0616 -0.0038 -0.0206 0.0096;
    centre<0.2346 meaning<0.4622 joining_best<-3.2289 mean<-1.4472
    joining_best<-2.763 meaning_margin<0.1609 days<0.389
        | -0.0164 0.0277 0.0602 0.0067 0.0583 -0.0563 -0.0199 0.0049;
    joining_days<0.3265 days_texts<0.1426 shared<2.1319 best_size<2.0899
    best_size<2.0899 meaning_single<0.4122 meaning_mean<0.3925
        | 0.0041 -0.0152 -0.0339 0.0747 0.0011 0.0894 0.0215 -0.0225;
    quiet<2.9872 seen<1 meaning_mean<0.2371 is_old<1
    meaning<0.3336 quiet<6.1356 meaning<0.4622
        | 0.0013 0.0786 -0.0312 0.0013 0.0925 -0.0282 -0.0306 0.0003;
    quiet<7.63 quiet<7.1225 joining_meaning<0.4506 joining_days<1.687
    shared<3.5215 best<inf rivals<1.0986
        | 0.0014 -0.0332 -0.0589 0.0356 -0.0485 0 -0.0197 0.0955;
    joining_days<-0.1635 agreeing<1 agreeing<1 mean<-0.7076
    cosine<0.3274 joining_meaning<-0.5948 joining_best<-3.2289
        | -0.0054 0.0357 -0.0662 0.0052 -0.0632 0.0005 0.0856 0.0066;
    joining_days<-1.1303 joining<-1.7433 joining<-1.7433 quiet<2.0794
    margin<-0.7017 meaning_mean<0.6258 joining<-1.5803
        | 0.0527 -0.0591 -0.0798 -0.0179 -0.0515 0.0514 0.0221 0.0002;
    best_single<-2.9664 shared<2.0474 quiet<0.5219 joining_meaning<0.2165
    joining_meaning<0.0909 meaning_margin<-0.0524 days<0.6916
        | -0.0388 0.0463 0.0712 -0.0157 -0.0121 0.0111 -0.054 -0.0035;
    centre<0.2346 centre<0.166 meaning_margin<-0.2476 days<0.139
    meaning_margin<0.1609 days<0.139 joining_best<-3.2289
        | 0.0131 -0.0135 0.023 -0.034 0.0819 0.0096 0.0211 -0.0102;
    joining_centre<-0.2144 covered<0.1376 best<2.1247 meaning_single<0.3043
    cosine<0.3274 burst_meaning<0.2718 agreeing<0.6667
        | -0.0577 0.1068 -0.0297 0.0159 -0.0025 0.0222 -0.0495 0.005;
    second<-4.9415 meaning_margin<-0.0524 covered<0.0728 covered<0.0589
    best<inf joining_days<-0.048 centre<0.0748
        | 0.073 0.0049 -0.0392 0 -0.0554 0.0172 0.0271 -0.0007;
    centre<0.0487 shared<2.0474 best<-5.1208 meaning_mean<0.3152
    meaning<0.3135 margin<-3.5428 both_texts_best<-2.8833
        | -0.0293 0.0193 -0.0116 -0.0586 -0.0129 0.074 -0.0484 0.0006;
    quiet<7.63 joining_days<1.687 joining_meaning<0.4506 quiet<7.1225
    covered_size<0.2372 best<inf rivals<1.0986
        | 0.0011 -0.0304 0.0176 -0.0611 -0.0468 0 -0.0178 0.0892;
    burst_best<-5.6427 joining_centre<0.0447 best_size<-8.6263 best<inf
    best<inf covered<0.1017 quiet<6.4135
        | -0.0019 0 -0.0435 0 0.0622 -0.0141 -0.0012 0.0107;
    centre<0.0487 covered<0.0267 best<-5.1208 best<inf
    shared<2.0474 joining_meaning<0.0571 both_texts_best<-2.8833
        | 0.0174 0 -0.0054 -0.0681 0.0882 -0.0072 -0.047 0.0005;
    joining_texts<1.5599 joining<1.6221 joining<2.1103 meaning_margin<0.036
    meaning_margin<0.036 meaning_margin<0.036 meaning_margin<0.3
        | 0.0051 -0.0071 -0.0438 0.0222 -0.0044 0.0369 0.0183 -0.1126;
    joining_days<-1.1303 rivals<1.0986 joining_days<-0.3301 shared<2.8967
    agreeing<0.6667 shared<2.3497 joining_days<-0.1635
        | -0.0129 0.0849 -0.0855 -0.0025 -0.027 0.0261 -0.0201 0.0019;
    best_single<-2.9664 covered<0.1979 joining_best<-4.7893 centre<0.1188
    meaning<0.414 days<0.139 rivals<1.3863
        | -0.0188 0.0307 0.0131 0.1035 0.0467 -0.0591 0.0023 -0.0116;
    joining_best<-10.1666 best<inf joining_best<-4.7893 best<inf
    best<inf rivals<1.0986 rivals<1.3863
        | 0.0393 0 0 0 -0.0656 0.0595 0.0024 -0.0093;
    mean<0.5495 best<2.1247 shared<2.7605 cosine<0.3274
    quiet<2.9872 best<2.1247 margin<-0.7017
        | 0.0011 0.0335 -0.057 0.0423 -0.0533 0.0232 -0.0525 0.0117;
    size<1.0986 centre_size<0.2484 margin<-3.5428 margin<-1.078
    quiet<0.5219 joining_meaning<0.3989 meaning_mean<0.6258
        | 0.0116 -0.0062 0.083 -0.003 -0.015 -0.0624 0.0119 -0.013;
    best_size<-8.6263 margin<-1.078 centre<0.0224 meaning_margin<-0.1901
    best<inf best<inf quiet<2.0794
        | -0.0254 0.1128 -0.0293 0 -0.0418 0 0.0026 -0.0057;
    quiet<7.63 quiet<7.1225 joining_meaning<0.4506 quiet<6.4135
    shared<3.5215 best<inf covered<0.1782
        | -0.0009 0.0186 -0.0536 0.0359 -0.0457 0 0.0124 0.0778;
    joining_centre<-0.2144 covered<0.1276 covered<0.1627 rivals<1.0986
    centre<0.166 meaning_mean<0.6258 joining<-0.7367
        | 0.1308 -0.0662 -0.0864 -0.0045 -0.0106 0.0295 0.0926 0.0036;
    size<1.0986 days_texts<0.1426 margin<-1.7534 joining<0.93
    joining_best<2.8803 joining_meaning<0.1856 joining<-1.4756
        | 0.0007 0.0239 -0.0559 0.0838 0.0122 -0.047 -0.0431 0.0056;
    quiet<7.63 joining_days<1.687 joining<1.2056 joining_best<-4.7893
    covered_size<0.2372 best<inf rivals<1.0986
        | -0.0182 0.0012 0.0165 -0.0546 -0.0437 0 -0.0202 0.0912;
    joining_best<-5.4268 centre_size<0.0178 joining_best<-4.7893 shared<1.9202
    shared<2.7605 rivals<1.0986 meaning<0.3336
        | -0.005 0.0661 -0.0673 0.0371 -0.0954 0.0458 -0.0124 0.0016;
    best_size<-8.6263 rivals<0.6931 best_size<-7.5135 best<inf
    best<inf best<inf quiet<2.0794
        | 0.0577 0 -0.0262 0 -0.0433 0 0.0022 -0.0051;
    covered<0.261 days<0.139 joining_days<0.0466 joining_best<2.8803
    agreeing<0.6667 meaning_mean<0.6258 joining<1.0404
        | 0.0249 -0.0465 0.0024 -0.0414 -0.0436 0.006 0.0304 -0.0079;
    best<-3.4516 meaning_margin<-0.0828 shared<1.3048 meaning<0.3135
    joining_days<0.7037 meaning_margin<-0.1107 covered<0.094
        | -0.0138 0.054 -0.0565 0.0124 0.0708 -0.0111 -0.0169 0.0002;
    joining_texts<1.5599 joining<1.3599 joining_days<0.1518 quiet<7.1225
    quiet<6.4135 joining<1.6221 meaning<0.7135
        | 0.0017 -0.0342 -0.0216 0.0374 0.006 0.0663 0.0415 -0.0188;
    burst<3.989 size<3.3322 seen<0.25 covered_size<0.3179
    second<-0.9909 best<inf best<inf
        | -0.0019 0.0064 0.0137 -0.0518 -0.0054 0 0.0442 0;
    size<1.0986 meaning_mean<0.6258 covered_size<0.3179 meaning_margin<0.1609
    rivals<1.0986 shared<1.8592 joining_best<-0.2101
        | 0.0006 -0.0592 0.0412 -0.0028 0.0176 -0.0339 0.0299 -0.0046;
    joining_days<-1.1303 quiet<2.0794 joining_days<-0.3301 rivals<1.0986
    best<inf shared<2.3497 joining_days<-0.1635
        | 0.026 -0.0603 -0.0775 0 -0.0249 0.0251 -0.0176 0.0015;
    covered<0.261 centre<0.3115 joining_days<-1.1303 agreeing<1
    shared<2.6388 days<1 covered<0.3149
        | 0.0047 -0.0211 0.0972 -0.0276 0.003 -0.0876 -0.0176 0.0052;
    meaning_margin<0.3 joining_texts<0.9735 joining<1.6221 joining<1.6221
    meaning_margin<-0.0154 best<2.1247 joining<2.1103
        | 0.001 -0.0273 -0.0213 0.0418 0.0316 -0.0305 0.0539 -0.0352;
    joining_days<0.5496 joining_best<-1.0101 joining<1.1028 shared<2.6388
    best<2.1247 size<1.3863 covered_size<0.031
        | 0.0138 -0.0271 0.0088 -0.0121 -0.0478 0.014 0.0443 -0.0065;
    cosine<0.1521 days<0.139 covered<0.1185 meaning_margin<-0.0524
    margin<-0.2252 quiet<0.5219 quiet<7.3652
        | -0.0076 0.0469 -0.0054 -0.0634 0.1004 -0.0082 -0.0008 0.0495;
    meaning_mean<0.4636 rivals<1.3863 meaning_mean<0.4945 covered<0.3149
    covered<0.1497 cosine<0.1156 margin<-5.4735
        | -0.0158 0.0321 0.0789 -0.0063 0.1162 -0.0039 0.048 -0.003;
    centre<0.166 shared<2.5279 covered<0.1782 both_texts<1
    joining_texts<1.0404 joining_best<0.7588 best<-1.5705
        | -0 0.0906 -0.0494 0.0147 0.0395 -0.0418 0.0318 -0.0046;
    cosine<0.031 best<inf best_size<-8.6263 best<inf
    best<inf rivals<0.6931 best_size<-7.5135
        | -0.0361 0 0 0 0.0555 -0.0253 -0.0423 0.0002;
    quiet<4.5539 joining<-0.7367 joining_meaning<-0.2418 shared<2.0474
    rivals<1.3863 joining_centre<-0.0961 margin<-1.078
        | -0.0468 0.0025 0.0022 0.0375 0.0066 0.0736 0.0005 -0.0265;
    joining_days<-1.1303 joining<-1.7433 joining_days<-0.3301 quiet<2.0794
    margin<-0.7017 shared<2.3497 joining_days<-0.1635
        | 0.0462 -0.0552 -0.0779 -0.0146 -0.0228 0.0232 -0.0166 0.0014;
    burst<3.989 size<3.3322 seen<0.25 covered_size<0.3179
    joining<1.0404 best<inf best<inf
        | -0.0017 0.0059 0.0134 -0.045 -0.0064 0 0.0422 0;
    second<-4.9415 covered<0.0589 covered<0.0728 mean<-4.3883
    joining_best<6.0971 joining_days<-0.048 centre<0.0748
        | -0.0244 0.1211 0.013 -0.0615 -0.0506 0.0157 0.0266 -0.0008;
    joining<-1.5803 meaning_margin<-0.1631 joining_meaning<-0.5948 covered<0.094
    centre_size<0.165 shared<2.3497 joining<-1.4756
        | 0.0237 -0.0661 0.0261 -0.045 -0.075 -0.0042 0.0586 0.0009;
    centre<0.0487 covered<0.0267 centre<0.0748 best<inf
    shared<2.0474 joining_meaning<-0.5948 covered<0.0589
        | 0.0188 0 -0.0054 -0.067 0.0872 -0.0067 0.0539 -0.0016;
    joining_days<-1.1303 meaning_margin<-0.0828 joining_days<-0.3301 margin<-1.4171
    shared<2.8967 shared<2.3497 joining_days<-0.1635
        | -0.0697 0.1089 -0.0582 0.0418 -0.021 0.0213 -0.0147 0.0012;
    burst_best<-5.6427 joining_centre<0.0447 shared<1.7521 best<inf
    best<inf joining_best<2.8803 covered<0.094
        | 0.0001 0 -0.0412 0 0.0221 -0.064 -0.02 0.0009;
    size<2.3979 days_texts<1 days_texts<0.4904 both_texts_best<0
    joining_best<2.8803 meaning_margin<-0.1901 cosine<0.3274
        | -0.0314 0.0005 0.0042 0.0855 -0.0556 0.0051 -0.0268 -0.0877;
    cosine<0.031 best<inf best<-3.4516 best<inf
    best<inf meaning_margin<-0.0828 quiet<0.5219
        | -0.0349 0 0 0 0.0216 -0.0308 0.0026 -0.0058;
    meaning_mean<0.4636 cosine<0.1156 centre<0.0748 joining<-0.7367
    covered<0.0728 covered<0.0589 meaning_margin<-0.0828
        | -0.078 -0.0098 0.0999 0.001 -0.0465 0.1077 0.0148 -0.0044;
    joining_best<-5.4268 mean<2.287 joining_best<-4.7893 margin<-1.4171
    covered<0.6184 rivals<1.0986 rivals<1.3863
        | 0.0189 -0.0757 0.0703 0.0178 -0.0862 0.044 0.0022 -0.0097;
    joining<0.7937 best_size<9.5036 covered<0.3149 seen<0.6471
    joining<0.3834 joining<1.1028 joining<1.1028
        | 0.0265 0.0005 -0.0979 0.0036 -0.036 0.0017 0.0336 -0.0046;
    size<2.3979 days_texts<1 days_texts<0.4904 quiet<2.9872
    joining_best<-1.0101 meaning_margin<-0.1901 size<2.8332
        | 0.0027 -0.0077 -0.0196 0.046 -0.054 0.0045 -0.0818 -0.0176;
    best_size<-8.6263 margin<-1.078 centre<0.0224 rivals<0.6931
    best<inf best<inf shared<1.3048
        | 0.1014 -0.0239 -0.0284 0 -0.0384 0 0.029 -0.0005;
    burst<3.989 size<2.3979 rivals<1.0986 days_texts<1
    margin<-0.2252 best<inf best<inf
        | -0.0002 0.02 -0.0451 -0.0012 0.0422 0 -0.0032 0;
    size<1.0986 centre_size<0.2484 margin<-3.5428 meaning_mean<0.6258
    quiet<0.5219 shared<1.9818 days_texts<0.1426
        | -0.0047 0.0121 0.0809 -0.0019 0.0018 -0.0486 -0.0049 0.0234;
    covered<0.261 centre<0.3115 joining_days<0.0466 agreeing<1
    joining<-0.7367 meaning<0.6261 joining<1.0404
        | 0.0046 -0.0202 0.0728 -0.0513 -0.0441 0.0034 0.0272 -0.0076;
    joining_days<-1.1303 quiet<2.0794 joining<-1.7433 rivals<1.0986
    best<inf meaning_mean<0.6258 joining<-1.5803
        | 0.0226 -0.0567 -0.0742 0 -0.0449 0.0453 0.0191 0;
    joining_centre<-0.2144 covered<0.1376 joining<-1.7433 mean<-1.4472
    centre<0.166 covered<0.1096 joining_centre<-0.055
        | -0.0281 0.101 -0.082 -0.0049 -0.0661 0.0139 0.0189 -0.0006;
    burst<3.989 size<3.3322 second<-0.9909 joining_best<8.9505
    second<-0.9909 best<inf best<inf
        | 0.0007 -0.0214 0.014 -0.0431 -0.0069 0 0.0399 0;
    joining_centre<-0.0961 shared<2.0474 joining_centre<-0.055 margin<-2.9798
    cosine<0.1322 covered<0.0589 shared<1.6452
        | 0.0025 -0.0778 0.06 -0.0011 -0.0538 0.0556 0.0235 -0.0027;
    cosine<0.1521 days<0.139 covered<0.1185 margin<0.6641
    quiet<0.5219 rivals<1.0986 joining_best<0.7588
        | -0.0035 0.0512 -0.0523 -0.0029 0.0806 -0.0202 0.0056 -0.0092;
    quiet<5.5136 second<-1.9243 quiet<6.4135 shared<3.5215
    joining_days<1.387 margin<-2.113 meaning<0.7135
        | 0.0101 -0.0717 -0.0006 -0.0495 -0.0579 -0.0073 -0.0039 0.0458;
    """,
)
