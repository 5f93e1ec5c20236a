"""The coefficients and trees of `weights`, as `benchmarks.fit_grouping` found them."""

from __future__ import annotations

JOIN_AT = 0.5  # an editor merges in one step, but has to read to find what was joined wrongly

BY_WORDS = (
    -0.976,
    {
        "cosine": 1.106,
        "title_cosine": -0.213,
        "title_covered": 1.069,
        "title_covered_least": 1.995,
        "shared": 2.119,
        "rarest": -1.983,
        "second": 0.76,
        "third": -0.067,
        "names": 0.842,
        "is_nameless": 1.204,
        "numbers": 0.148,
        "numbers_differ": -0.634,
        "days": -3.122,
        "long_ago": 0.025,
        "is_old": 0.145,
        "both_texts": 0.242,
        "one_text": 1.934,
        "same_publisher": -1.083,
        "length": -1.664,
        "title_words": 0.44,
        "phrases": 6.699,
        "own_phrases": 0.825,
        "is_foreign": -0.813,
        "foreign_names": 1.265,
        "contained": -0.649,
        "names_contained": 0.178,
        "first_name": -0.106,
        "second_name": -0.256,
        "first_number": -0.034,
        "lead_name": 0.746,
        "either_lead_name": 0.775,
        "lead_cosine": 1.96,
        "lead_title": 1.006,
        "outage": 6.954,
        "same_page": 4.063,
    },
    -2.391,
    {
        "best": 0.193,
        "second": 0.133,
        "mean": 0.15,
        "centre": 3.328,
        "covered": 0.685,
        "size": -0.311,
        "quiet": -0.031,
        "agreeing": 0.492,
        "seen": 1.827,
        "is_single": -0.49,
        "centre_size": 0.634,
        "best_size": 0.039,
        "covered_size": -0.205,
        "margin": 0.202,
        "rivals": -0.114,
        "both_texts": -0.313,
        "both_texts_best": 0.138,
        "days": -1.828,
        "is_old": 0.584,
        "cosine": -1.909,
        "shared": 0.269,
        "is_foreign": 1.139,
        "foreign_best": 0.856,
        "burst": 0.051,
        "burst_best": 0.055,
        "burst_texts": -0.997,
        "outage": 1.909,
        "best_positive": -0.056,
        "best_single": 0.093,
        "one_text": -0.629,
        "days_texts": 0.594,
        "same_page": 3.11,
        "joining": 0.585,
        "joining_best": -0.098,
        "joining_days": -0.025,
        "joining_texts": -0.654,
        "joining_centre": 1.659,
        "meaning_margin": 4.644,
    },
    """
    days<0.0001 shared<2.3957 joining_texts<1.2243 joining_centre<0.2783
    margin<-0.2416 joining<1.6542 quiet<0.0037
        | 0.2054 0.044 -0.0683 0.0425 -0.0199 -0.0997 -0.0092 0.1424;
    days<0.0001 shared<2.3957 joining_texts<1.2243 centre<0.1531
    margin<-0.2416 joining<1.6542 quiet<0.0037
        | 0.1925 0.0499 -0.0654 0.0399 -0.0182 -0.0966 -0.0087 0.1332;
    days<0.0001 shared<2.5318 joining_texts<1.2243 centre<0.1918
    margin<-0.2416 joining<1.6542 days<0.2162
        | 0.1655 0.0282 -0.0672 0.0342 -0.0166 -0.0936 -0.0234 0.1131;
    days<0.0001 shared<2.3957 joining_texts<1.2243 joining_centre<0.2783
    margin<-0.2416 joining<1.6542 quiet<0.0037
        | 0.1603 0.036 -0.0602 0.0349 -0.0152 -0.0905 -0.0096 0.117;
    days<0.0001 shared<2.5318 joining_texts<1.2243 shared<2.0263
    joining_centre<0.1093 joining<1.6542 covered_size<0.2585
        | 0.1545 0.0506 0.0423 -0.0453 -0.0138 -0.0875 0.1239 0.0019;
    days<0.0001 shared<2.5318 days<0.2162 best<inf
    margin<-0.2416 margin<2 joining_texts<1.2243
        | 0.124 0 -0.0612 0.0293 -0.0761 0.0139 -0.0088 0.0948;
    days<0.0001 shared<2.6981 days<0.2162 centre<0.1918
    joining_centre<0.1093 margin<2 joining_texts<1.2243
        | 0.1245 0.019 0.0373 -0.0489 -0.0729 0.0129 -0.008 0.0882;
    days<0.0001 shared<2.296 days<0.2162 best<inf
    margin<-0.2416 margin<2 joining_texts<1.2243
        | 0.1174 0 -0.0494 0.0294 -0.0696 0.0121 -0.0073 0.082;
    days<0.0001 best<2.1769 joining<1.6542 shared<2.0263
    joining_texts<0.5646 joining_days<1.26 margin<-0.2416
        | 0.1224 0.037 0.0082 -0.062 -0.0107 0.0736 -0.0803 0.0063;
    days<0.0001 shared<2.6981 days<0.2162 centre<0.1918
    joining_centre<0.1093 margin<2 joining_texts<1.2243
        | 0.1034 0.0142 0.0328 -0.0451 -0.0648 0.0119 -0.006 0.0747;
    days<0.0001 best<2.1769 joining<1.6542 shared<2.0263
    joining_texts<0.5646 joining_days<1.26 margin<-0.2416
        | 0.1089 0.0321 0.0065 -0.0564 -0.0087 0.065 -0.0764 0.0056;
    days<0.0001 best<2.1769 joining<1.6542 shared<2.0263
    joining_texts<0.5646 joining_days<1.26 margin<-0.2416
        | 0.1025 0.0298 0.0061 -0.0535 -0.0079 0.0595 -0.074 0.0054;
    days<0.0001 shared<2.6981 margin<2 shared<2.0263
    margin<-0.2416 joining<0.3834 both_texts_best<-0
        | 0.0952 0.0282 -0.057 0.0201 0.0169 -0.04 -0.0435 0.0454;
    days<0.0001 best<2.1769 shared<1.9131 joining_texts<0.5646
    joining_texts<0.5646 best_single<-3.537 joining<0.3834
        | 0.0739 0.0017 0.0046 -0.0508 0.0023 -0.0608 0.0302 -0.0127;
    days<0.0001 best<2.1769 days<0.2162 shared<2.0263
    joining_texts<0.5646 margin<2 joining<0.3834
        | 0.0871 0.0238 0.0044 -0.0482 -0.0568 0.0091 0.0381 -0.0138;
    margin<2 joining_best<0.8123 both_texts_best<-0 joining_days<0.2756
    rivals<1.0986 best<inf joining_best<-1.6059
        | 0.0402 -0.0175 -0.0183 -0.0645 -0.051 0 -0.0133 0.0491;
    joining<-0.5059 shared<2.3957 joining<0.3834 best<inf
    rivals<1.0986 size<1.3863 joining<1.3599
        | -0.0593 0 0.0513 -0.0167 0.0858 -0.0226 -0.0261 0.0202;
    margin<2 joining_best<0.8123 both_texts_best<-0 joining_days<0.2756
    rivals<1.0986 best<inf joining_best<-1.6059
        | 0.0347 -0.0155 -0.015 -0.0601 -0.0489 0 -0.0133 0.0452;
    joining_days<1.26 both_texts_best<-0 size<1.0986 joining_days<0.0466
    quiet<5.1818 best<inf mean<-1.9066
        | -0.0098 -0.0687 0.0185 -0.0409 0.1133 0 0.0028 -0.0439;
    joining<-0.5059 shared<2.3957 joining<0.3834 best<inf
    rivals<1.0986 size<1.3863 joining_days<1.26
        | -0.0576 0 0.0475 -0.0176 0.0775 -0.0214 -0.0161 0.0409;
    margin<-5.8435 size<0.6931 margin<2 best<inf
    joining_days<0.0466 joining_best<0.8123 both_texts_best<-0
        | 0.105 0 0.0299 -0.0376 0.0002 -0.051 -0.0466 0.0326;
    margin<-5.3295 size<0.6931 margin<2 best<inf
    joining_days<0.0466 joining_best<0.8123 both_texts_best<-0
        | 0.0979 0 0.023 -0.0346 -0.0011 -0.047 -0.045 0.0302;
    margin<-5.8435 size<1.0986 margin<2 best<inf
    shared<2.2027 joining_best<0.8123 both_texts_best<-0
        | 0.0773 0 0.0167 -0.0413 0.0002 -0.0446 -0.0435 0.028;
    joining_days<1.26 both_texts_best<-0 size<1.0986 joining_days<0.0466
    quiet<5.1818 best<inf mean<-1.9066
        | -0.0066 -0.0657 0.0177 -0.0401 0.0961 0 0.0022 -0.043;
    joining<-0.5059 shared<2.3957 joining<0.2401 best<inf
    rivals<1.0986 size<1.3863 joining_days<0.0466
        | -0.0534 0 0.0435 -0.0188 0.0898 -0.0299 0.0244 -0.017;
    joining_days<1.26 both_texts_best<-0 size<1.0986 joining_days<0.0466
    quiet<5.1818 best<inf mean<-1.9066
        | -0.0066 -0.063 0.016 -0.0381 0.0896 0 0.0029 -0.0403;
    joining<-0.5059 shared<2.3957 joining<0.3834 best<inf
    rivals<1.0986 size<1.3863 joining_texts<1.2243
        | -0.0519 0 0.0404 -0.0186 0.065 -0.0172 -0.0152 0.0309;
    joining_best<4.0752 joining_texts<1.2243 margin<2 both_texts_best<-0
    size<1.0986 best<inf joining<1.6542
        | -0.0541 0.0099 0.0949 -0.0085 -0.054 0 -0.0321 0.0368;
    margin<-5.8435 centre_size<0.02 seen<1 best<inf
    joining_days<0.0466 quiet<5.1818 joining_days<1.26
        | 0.0769 0 0.0244 -0.034 0.034 -0.0448 -0.0165 0.0287;
    joining_best<1.9189 joining_texts<1.2243 days_texts<0.1643 both_texts_best<-0
    size<1.0986 seen<1 best<inf
        | -0.0578 0.0125 0.0912 -0.0007 0.0042 -0.053 0.0381 0;
    quiet<7.6615 quiet<5.1818 best<inf days<0.2162
    joining_centre<0.0134 best<inf best<inf
        | -0.0121 0.0263 0.0391 -0.0448 0.0595 0 0 0;
    quiet<7.6615 quiet<5.1818 best<inf joining_texts<0.5646
    joining_centre<0.0134 best<inf best<inf
        | 0.016 -0.0237 0.037 -0.0422 0.0563 0 0 0;
    quiet<7.6615 quiet<5.1818 best<inf joining<-0.5059
    joining_days<0.2224 best<inf best<inf
        | -0.0286 0.0142 0.0296 -0.0419 0.0533 0 0 0;
    quiet<7.6615 both_texts_best<-0 best<inf joining<1.3599
    joining_best<0.8123 best<inf best<inf
        | -0.0499 0.0279 0.0164 -0.0192 0.0504 0 0 0;
    joining<-0.5059 shared<2.3957 joining<0.2401 best<inf
    rivals<1.0986 size<1.3863 margin<2
        | -0.0475 0 0.0391 -0.0187 0.0729 -0.0266 -0.0131 0.0252;
    margin<-5.8435 size<0.6931 days<0.2162 best<inf
    joining_days<0.0466 days<0.0001 quiet<5.1818
        | 0.0702 0 0.0253 -0.0332 0.006 -0.036 0.0227 -0.0216;
    quiet<7.6615 joining_texts<0.5646 best<inf quiet<5.1818
    joining<1.3599 best<inf best<inf
        | 0.0142 -0.0245 -0.0414 0.0137 0.0483 0 0 0;
    joining<-0.5059 shared<2.2027 joining<0.3834 best<inf
    rivals<1.0986 size<1.3863 joining_days<0.0466
        | -0.0505 0 0.0328 -0.0204 0.0515 -0.0153 0.0202 -0.0155;
    days<0.2162 days<0.0001 joining_texts<1.2243 shared<2.3957
    joining<1.0632 both_texts_best<-0 covered_size<0.2585
        | 0.0554 -0.0247 -0.0028 -0.0623 -0.0501 0.0149 0.0839 -0.0034;
    agreeing<0.75 joining_texts<1.2243 rivals<1.0986 both_texts_best<-0
    size<1.0986 joining_centre<0.1459 cosine<0.1856
        | -0.044 0.0111 0.0777 -0.0016 0.0347 -0.018 0.003 -0.042;
    joining<-0.5059 shared<2.3957 joining<0.2401 best<inf
    rivals<1.0986 size<1.3863 margin<-0.2416
        | -0.0445 0 0.0329 -0.0159 0.0606 -0.0243 -0.0164 0.0172;
    margin<-5.3295 size<0.6931 seen<1 best<inf
    joining_days<0.0466 quiet<4.6444 days<0.0787
        | 0.0648 0 0.0175 -0.0298 0.0319 -0.0354 -0.0285 -0.0024;
    days<0.2162 cosine<0.1856 joining_texts<1.2243 days<0.0001
    size<3.6109 joining_days<0.3473 covered_size<0.2585
        | 0.0346 -0.024 -0.0388 0.0043 0.0249 -0.0215 0.0749 -0.0029;
    joining_days<-1.4616 best<inf days<0.2162 best<inf
    best<inf days<0.0001 quiet<5.1818
        | -0.0393 0 0 0 0.0091 -0.0278 0.032 -0.0126;
    margin<-7.7239 centre_size<0.02 joining_centre<0.2783 best<inf
    best<inf joining_texts<1.2243 margin<-0.2416
        | 0.0498 0 0.0006 0 -0.002 0.0502 -0.0573 0.0109;
    joining_days<-1.4616 best<inf joining_days<-0.3655 best<inf
    best<inf shared<2.296 joining<-0.5059
        | -0.0379 0 0 0 -0.0093 0.0526 -0.0324 0.0034;
    quiet<7.6615 quiet<5.1818 best<inf is_old<1
    joining_days<0.0466 best<inf best<inf
        | -0.0053 0.0295 0.0289 -0.0362 0.0399 0 0 0;
    joining_days<-1.4616 best<inf joining_centre<0.2783 best<inf
    best<inf joining_texts<1.2243 margin<-0.2416
        | -0.0376 0 0 0 0.0037 0.0501 -0.0494 0.0101;
    margin<-5.3295 size<0.6931 seen<1 best<inf
    joining_days<0.0466 quiet<4.6444 joining_texts<1.2243
        | 0.0553 0 0.0156 -0.0282 0.0294 -0.0322 -0.0149 0.0148;
    joining_best<4.0752 joining<2.0657 margin<2 margin<-3
    margin<-2.3551 best<inf centre<0.3045
        | 0.0285 -0.0009 -0.0549 0.0069 -0.0448 0 0.0294 -0.0235;
    best<2.1769 days<0.0001 margin<2 seen<1
    joining<1.6542 best<inf joining_days<0.0466
        | 0.0584 0.0003 0.0079 -0.0541 -0.0514 0 -0.0146 0.0256;
    joining_days<-1.4616 best<inf joining_days<-0.6696 best<inf
    best<inf best<inf is_old<1
        | -0.0355 0 0 0 0.0448 0 -0.0094 0.0127;
    quiet<7.6615 quiet<5.1818 best<inf both_texts_best<-0
    joining_days<0.0466 best<inf best<inf
        | -0.0307 0.011 0.0262 -0.0352 0.0348 0 0 0;
    joining_best<-0.0688 joining_best<-0.9336 margin<-0.2416 joining<1.1987
    quiet<5.1818 joining_days<-0.1539 centre_size<0.0878
        | -0.0247 0.0274 0.0456 -0.0069 0.0148 -0.0485 -0.0254 0.024;
    joining_best<4.0752 joining<2.0657 joining<1.6542 joining<1.3599
    margin<-2.3551 best<inf best<inf
        | 0.0002 0.0305 -0.0522 0.0071 -0.039 0 0.0077 0;
    joining_days<-1.4616 best<inf joining_days<-0.6696 best<inf
    best<inf best<inf is_old<1
        | -0.0342 0 0 0 0.0422 0 -0.0091 0.0118;
    joining_centre<0.2783 joining_texts<1.2243 margin<-0.2416 both_texts_best<-0
    covered_size<0.0573 centre_size<0.26 covered_size<0.9695
        | -0.0418 0.0076 0.0524 0.0073 -0.0069 -0.0557 0.0271 -0.0222;
    joining_days<-1.4616 best<inf joining_days<-0.3655 best<inf
    best<inf quiet<0.682 quiet<5.1818
        | -0.0333 0 0 0 -0.0012 0.0539 0.0047 -0.0192;
    margin<-7.7239 centre_size<0.02 days<0.2162 best<inf
    best<inf cosine<0.1856 quiet<5.1818
        | 0.0406 0 -0.0002 0 0.0039 -0.0287 0.018 -0.0178;
    centre<0.0383 joining_days<0.0466 margin<-3.6703 best<inf
    best<inf size<1.0986 seen<1
        | 0.007 0 -0.0429 0 0.0479 -0.0253 0.0231 -0.0119;
    joining_days<-1.4616 best<inf joining_days<-0.6696 best<inf
    best<inf best<inf joining<-0.5059
        | -0.0326 0 0 0 0.0374 0 -0.0251 0.0036;
    centre<0.0383 joining_days<0.0466 joining_centre<0.2783 best<inf
    best<inf joining<1.3599 margin<-0.2416
        | 0.0067 0 -0.0416 0 0.0007 0.0343 -0.0428 0.0076;
    joining_best<4.0752 joining<2.0657 joining<1.6542 quiet<4.6444
    margin<-2.3551 best<inf best<inf
        | 0.013 -0.0108 -0.0496 0.0069 -0.0356 0 0.0082 0;
    quiet<7.6615 both_texts_best<-0 best<inf joining<1.3599
    quiet<5.1818 best<inf best<inf
        | -0.0431 0.0142 0.0091 -0.0222 0.0305 0 0 0;
    best<2.1769 days<0.0001 days_texts<0.1643 joining<1.3599
    joining<1.6542 margin<2 best<inf
        | -0.0015 0.0513 0.0067 -0.0516 -0.0492 -0.0085 0.0253 0;
    joining_days<-1.4616 best<inf joining<0.7807 best<inf
    best<inf margin<-1.5624 quiet<7.6615
        | -0.0318 0 0 0 0.0352 -0.004 -0.0117 0.0467;
    joining_texts<1.2243 both_texts_best<-0 size<2.0794 joining_best<-0.58
    quiet<5.1818 joining_days<0.0466 best<inf
        | -0.0563 -0.0008 0.0103 -0.024 -0.0064 0.0496 -0.0205 0;
    joining_best<-0.0688 joining_best<-0.9336 margin<2 joining<1.1987
    quiet<5.1818 second<-1.6259 joining<0.1167
        | -0.0218 0.0208 0.0386 -0.0049 0.0051 -0.0361 -0.0314 0.0256;
    joining_days<-1.4616 best<inf days<0.2162 best<inf
    best<inf cosine<0.1856 joining_days<0.2756
        | -0.0308 0 0 0 0.0047 -0.024 0.0319 -0.0049;
    joining<-0.5059 shared<2.2027 joining<0.2401 best<inf
    rivals<1.0986 size<1.3863 margin<-0.2416
        | -0.0448 0 0.0303 -0.0143 0.0439 -0.0259 -0.0141 0.0129;
    joining_best<-0.0688 days<0.0001 margin<-0.2416 joining<1.3599
    joining<1.6542 joining_days<-0.1539 covered_size<0.1037
        | -0.003 0.0557 0.0096 -0.0468 0.0126 -0.0416 -0.0246 0.0204;
    best<2.1769 days<0.0001 days_texts<0.1643 joining<1.6542
    joining<1.6542 joining<1.6542 best<inf
        | 0.0008 0.0522 0.0058 -0.0473 -0.032 0.0053 0.0228 0;
    joining_days<1.26 both_texts_best<-0 size<1.0986 joining_days<0.0466
    quiet<5.1818 quiet<6.9246 mean<-1.9066
        | 0.0007 -0.0496 0.0102 -0.0306 0.0031 0.07 0.0025 -0.0369;
    joining<-0.5059 shared<2.2027 joining<0.3834 best<inf
    rivals<1.0986 quiet<5.1818 quiet<7.6615
        | -0.0435 0 0.0279 -0.0141 0.036 -0.0126 -0.0074 0.0362;
    joining_days<-1.4616 best<inf days<0.2162 best<inf
    best<inf cosine<0.1856 quiet<4.6444
        | -0.0297 0 0 0 0.0048 -0.0221 0.0228 -0.0095;
    margin<-7.7239 mean<-3.3642 joining_texts<1.2243 best<inf
    best<inf both_texts_best<-0 size<2.0794
        | -0.0025 0 0.0342 0 -0.0388 -0.0005 0.0318 -0.0171;
    centre<0.0383 joining_days<0.0466 second<1.043 best<inf
    best<inf joining_texts<1.2243 margin<-1.0313
        | 0.0041 0 -0.0371 0 0.0022 0.0287 -0.0529 -0.0002;
    joining_days<-1.4616 best<inf joining_days<-0.6696 best<inf
    best<inf best<inf days<0.7809
        | -0.0287 0 0 0 0.0305 0 -0.0089 0.0095;
    joining<-0.5059 shared<2.3957 quiet<4.6444 joining<-1.642
    rivals<1.0986 both_texts<1 joining_days<1.5002
        | -0.0053 -0.0445 0.0295 -0.0109 0.0302 -0.0134 -0.0231 0.0261;
    centre<0.0383 joining_days<0.0466 margin<-7.7239 best<inf
    best<inf best<inf joining_centre<0.2783
        | 0.0037 0 -0.0363 0 0.0279 0 0.0033 -0.0156;
    """,
)

BY_MEANING = (
    -2.155,
    {
        "cosine": 1.265,
        "title_cosine": 0.422,
        "title_covered": 0.174,
        "title_covered_least": 0.652,
        "shared": 1.485,
        "rarest": -0.44,
        "second": 0.691,
        "third": 0.041,
        "names": 0.485,
        "is_nameless": 1.071,
        "numbers": 0.171,
        "numbers_differ": -0.708,
        "days": -2.995,
        "long_ago": 0.035,
        "is_old": 0.051,
        "both_texts": -1.029,
        "one_text": 2.009,
        "same_publisher": -0.842,
        "length": -1.516,
        "title_words": -0.39,
        "phrases": 6.478,
        "own_phrases": 1.511,
        "is_foreign": -0.09,
        "foreign_names": 1.911,
        "contained": -0.341,
        "names_contained": -0.043,
        "first_name": 0.268,
        "second_name": -0.511,
        "first_number": -0.376,
        "lead_name": 0.186,
        "either_lead_name": 0.501,
        "lead_cosine": 1.046,
        "lead_title": 0.908,
        "outage": 7.702,
        "same_page": 3.493,
        "meaning": 5.868,
        "meaning_texts": 2.599,
    },
    -2.756,
    {
        "best": 0.175,
        "second": 0.145,
        "mean": 0.178,
        "centre": 1.955,
        "covered": 0.619,
        "size": -0.251,
        "quiet": -0.019,
        "agreeing": 0.738,
        "seen": 1.511,
        "is_single": -0.064,
        "centre_size": -0.014,
        "best_size": 0.023,
        "covered_size": -0.269,
        "margin": 0.096,
        "rivals": 0.047,
        "both_texts": -0.443,
        "both_texts_best": 0.105,
        "days": -1.519,
        "is_old": 0.412,
        "cosine": -0.349,
        "shared": 0.414,
        "is_foreign": 1.264,
        "foreign_best": 0.927,
        "burst": 0.013,
        "burst_best": 0.027,
        "burst_texts": -1.093,
        "outage": 2.648,
        "best_positive": -0.168,
        "best_single": 0.067,
        "one_text": -0.711,
        "days_texts": 0.537,
        "same_page": 3.819,
        "joining": 0.383,
        "joining_best": -0.081,
        "joining_days": 0.065,
        "joining_texts": -0.701,
        "joining_centre": 1.056,
        "meaning": 0.794,
        "meaning_mean": -0.83,
        "meaning_margin": 2.668,
        "meaning_texts": -0.013,
        "meaning_single": -0.275,
        "burst_meaning": 0.35,
        "joining_meaning": 0.52,
    },
    """
    days<0.0009 meaning_mean<0.6209 shared<2.2898 best<2.3458
    joining_meaning<0.2578 days<0.4596 quiet<7.3969
        | 0.1388 0.008 0.028 -0.0701 -0.08 -0.0122 -0.0078 0.0801;
    days<0.0009 meaning_mean<0.6209 joining_texts<1.2118 best<2.3458
    joining_meaning<0.2578 margin<2 burst_meaning<0.9359
        | 0.1286 0.0076 0.0268 -0.0645 -0.0378 0.0233 0.083 -0.0247;
    days<0.0009 shared<2.5235 shared<2.2898 joining_best<0.9745
    margin<2 days<0.4596 quiet<7.3969
        | 0.1489 0.0336 -0.0598 0.0251 -0.0762 -0.0085 -0.006 0.074;
    days<0.0009 shared<2.5235 shared<2.2898 joining_best<0.9745
    margin<-0.2781 days<0.4596 quiet<7.3969
        | 0.1392 0.0324 -0.0648 0.0203 -0.0735 -0.0079 -0.0055 0.0697;
    days<0.0009 meaning_mean<0.6209 joining_texts<1.2118 best<2.3458
    joining_meaning<0.2578 joining<1.6542 burst<0.6931
        | 0.1089 0.0056 0.0235 -0.0596 -0.01 -0.0808 0.0818 -0.0163;
    days<0.0009 shared<2.5235 margin<2 joining_best<0.9745
    margin<-0.2781 days<1 second<-1.8754
        | 0.1237 0.0291 -0.0622 0.0175 -0.0586 0.0038 -0.0291 0.0343;
    days<0.0009 shared<2.5235 quiet<7.6667 meaning<0.5639
    margin<-0.2781 margin<2 best<inf
        | 0.1147 0.0242 -0.0597 0.0163 -0.0283 0.0213 0.0659 0;
    days<0.0009 meaning_mean<0.6209 shared<2.2898 best<2.3458
    joining_centre<0.1076 days<0.2263 joining_days<0.3293
        | 0.093 0.0037 0.0201 -0.0563 -0.0711 -0.0066 0.0241 -0.0172;
    days<0.0009 shared<2.5235 quiet<7.6667 shared<2.1106
    margin<2 joining<0.6644 best<inf
        | 0.1073 0.0257 -0.0512 0.0173 0.0092 -0.0327 0.0631 0;
    joining<-0.5059 shared<2.3894 joining<0.3653 best<inf
    rivals<1.3863 both_texts_best<-0 margin<2
        | -0.0617 0 0.0257 -0.0275 -0.0332 0.0912 -0.0279 0.0279;
    meaning_margin<-0.3247 size<0.6931 margin<2 best<inf
    joining_meaning<0.3475 joining_best<0.9745 both_texts_best<-0
        | 0.1003 0 0.0132 -0.0372 -0.0009 -0.0641 -0.047 0.0336;
    joining<-0.5059 shared<2.3894 joining<0.3653 best<inf
    rivals<1.3863 quiet<5.2095 margin<2
        | -0.0586 0 0.0233 -0.0265 0.0865 0.0038 -0.0247 0.0239;
    meaning_margin<-0.3247 size<0.6931 margin<2 best<inf
    joining_meaning<0.3475 joining_best<0.9745 both_texts_best<-0
        | 0.0924 0 0.0127 -0.0354 0 -0.0583 -0.0471 0.0286;
    margin<-5.7031 meaning_single<0.0782 both_texts_best<-0 joining_meaning<0.3475
    best<inf quiet<1.6094 margin<-0.2781
        | 0.0038 -0.0434 0.1172 0 -0.0632 -0.0019 -0.0207 0.0203;
    meaning_margin<-0.3247 size<0.6931 meaning_margin<-0.013 best<inf
    joining_meaning<0.3475 joining_best<0.9745 both_texts_best<-0
        | 0.0795 0 0.0125 -0.0333 -0.0005 -0.0634 -0.053 0.0204;
    joining<-0.5059 shared<2.3894 joining<0.3653 joining<-1.6115
    rivals<1.3863 meaning_texts<0.3439 quiet<7.6667
        | -0.0158 -0.0629 0.0197 -0.0262 0.0814 0.0022 -0.0158 0.0688;
    margin<-5.7031 meaning_single<0.0782 both_texts_best<-0 joining_meaning<0.3475
    best<inf quiet<1.6094 quiet<5.2095
        | 0.0028 -0.0411 0.1001 0 -0.0598 -0.0005 0.013 -0.0336;
    joining<-0.5059 shared<2.3894 joining<0.6644 best<inf
    rivals<1.3863 quiet<5.2095 joining_days<1.5599
        | -0.0541 0 0.0176 -0.0257 0.0766 -0.0174 -0.0207 0.0438;
    joining<-0.5059 shared<2.3894 joining<0.2756 joining<-1.6115
    joining_days<-0.3955 meaning_texts<0.3439 margin<-0.2781
        | -0.0136 -0.0597 0.0192 -0.0231 0.0844 -0.0134 -0.0245 0.0162;
    meaning_margin<-0.3504 seen<0.6667 joining<-0.5059 best<inf
    best<inf joining<-1.7782 joining<0.3653
        | -0.0195 0 0.0684 0 0.013 -0.0432 0.0401 -0.012;
    quiet<7.6667 both_texts_best<-0 best<inf quiet<1.6094
    quiet<5.2095 best<inf best<inf
        | -0.062 0.012 0.0154 -0.0337 0.0551 0 0 0;
    margin<-5.7031 meaning_single<0.0782 both_texts_best<-0 joining_meaning<0.3475
    best<inf margin<-1.6652 quiet<5.2095
        | 0.0019 -0.0387 0.0882 0 0.0025 -0.0554 0.0106 -0.0299;
    joining<-0.5059 shared<2.3894 joining<0.6644 joining<-1.6115
    rivals<1.3863 quiet<5.2095 joining_days<1.0907
        | -0.0141 -0.0575 0.0166 -0.0249 0.0652 -0.0175 -0.0217 0.0296;
    meaning_margin<-0.3247 meaning_single<0.0782 meaning_margin<-0.013 joining_centre<0.0625
    rivals<1.0986 joining_best<0.9745 both_texts_best<-0
        | 0.0103 -0.026 0.0149 0.0705 0 -0.0575 -0.047 0.0159;
    quiet<7.6667 joining<0.7635 best<inf joining<-0.5059
    margin<-0.2781 best<inf best<inf
        | -0.0255 0.0338 -0.0413 0.0104 0.0509 0 0 0;
    meaning_margin<-0.2477 meaning_single<0.0782 meaning_margin<-0.013 joining<0.6644
    joining<0.9735 joining_meaning<0.2234 both_texts_best<-0
        | 0.0276 -0.0406 0.0181 0.0924 0.0088 -0.0394 -0.0457 0.014;
    joining_days<1.5599 both_texts_best<-0 quiet<5.5984 quiet<1.6094
    quiet<5.2095 best<inf best<inf
        | -0.0575 -0.0011 0.0147 -0.0352 -0.0224 0 0.0734 0;
    joining_best<0.9745 days<0.0009 margin<2 shared<2.6884
    joining_texts<1.2118 days_texts<0.147 meaning_mean<0.6209
        | 0.0827 0.0052 -0.0104 0.0704 -0.0556 0.0155 0.0443 -0.0169;
    meaning_margin<-0.2477 meaning_single<0.0782 seen<1 joining<0.6644
    joining_meaning<0.2981 quiet<4.6728 joining_days<1.0907
        | 0.0273 -0.039 0.0184 0.086 0.0394 -0.0371 -0.0191 0.0265;
    joining_best<0.9745 days<0.0009 margin<2 shared<2.1982
    joining_texts<1.2118 days_texts<0.147 meaning_mean<0.6209
        | 0.0832 0.0109 -0.0088 0.0653 -0.0522 0.0146 0.0418 -0.0148;
    agreeing<0.75 days<0.0009 margin<2 shared<2.5235
    days<0.2263 meaning_margin<-0.1704 cosine<0.1846
        | 0.0756 -0.0154 -0.0376 0.0122 0.0184 -0.0507 0.0408 -0.0121;
    meaning_margin<-0.3247 covered_size<0.2207 joining_best<4.111 rivals<1.0986
    best<inf joining_texts<1.2118 margin<2
        | 0.0052 0.063 -0.0172 0 -0.0042 0.0406 -0.0453 -0.0086;
    meaning_margin<-0.3504 seen<0.6667 cosine<0.1846 best<inf
    rivals<1.0986 joining_best<-0.9362 days<0.2263
        | -0.0144 0 0.0063 0.06 -0.0173 0.0243 -0.0311 0.0014;
    joining_best<0.9745 days<0.0009 meaning_margin<-0.013 shared<2.1982
    joining_texts<1.2118 quiet<0.6931 cosine<0.1846
        | 0.0743 0.0095 -0.0078 0.0591 -0.0602 0.0062 0.0372 -0.0089;
    meaning_margin<-0.2477 size<0.6931 both_texts_best<-0 joining<0.9735
    joining<0.6644 quiet<2.0105 rivals<1.0986
        | 0.0146 0.0755 0.0233 -0.0373 -0.0511 0.0169 0.0186 -0.0136;
    joining_best<2.0519 days<0.0009 days_texts<0.147 shared<2.1982
    days<0.2263 margin<2 burst_meaning<0.9359
        | 0.0721 0.005 -0.0338 0.0089 -0.054 -0.0032 0.0427 0.0016;
    meaning_margin<-0.2477 meaning_single<0.0782 both_texts_best<-0 joining<0.6644
    joining_meaning<0.3475 quiet<2.0105 margin<-0.2781
        | 0.022 -0.0354 0.013 0.0772 -0.0494 0.0157 -0.0174 0.013;
    agreeing<0.75 joining_texts<1.2118 margin<2 both_texts_best<-0
    covered<0.2174 meaning_margin<-0.1704 cosine<0.1846
        | -0.0425 0.0121 0.0671 0.0044 0.0177 -0.0435 0.0373 -0.01;
    joining_best<4.111 joining_texts<1.2118 margin<2 joining_days<0.4381
    burst<0.6931 best<inf cosine<0.3227
        | 0.0142 -0.0287 0.0565 0.0014 -0.0336 0 0.0187 -0.0311;
    joining_best<0.9745 joining_best<-0.9362 meaning_margin<-0.013 joining_days<1.0907
    quiet<5.2095 quiet<0.6931 cosine<0.1846
        | -0.0235 0.0335 0.0387 -0.0099 -0.0546 0.0071 0.0338 -0.009;
    meaning_margin<-0.3504 covered_size<0.1567 both_texts_best<-0 rivals<1.0986
    best<inf quiet<2.0105 quiet<5.2095
        | 0.005 0.0518 -0.0121 0 -0.0489 0.026 0.009 -0.0228;
    agreeing<0.75 joining_days<0.125 margin<2 joining<-0.5059
    joining_texts<1.2118 meaning_margin<-0.1704 cosine<0.1846
        | -0.0137 0.0376 -0.0127 0.0364 0.0159 -0.0402 0.0341 -0.0097;
    joining_best<0.9745 joining_best<-0.9362 margin<-0.2781 joining_days<1.0907
    quiet<5.2095 centre_size<0.0746 covered_size<0.1567
        | -0.0211 0.0303 0.0342 -0.0079 -0.0008 -0.0573 -0.0285 0.0145;
    joining_best<4.111 joining_texts<1.2118 size<2.3026 both_texts_best<-0
    quiet<5.5984 meaning_texts<0.0617 best<inf
        | -0.0451 0.0074 0.0051 0.0542 -0.0297 0.0099 -0.0328 0;
    meaning_margin<-0.3247 covered_size<0.2207 joining_best<4.111 rivals<1.0986
    best<inf both_texts_best<-0 margin<2
        | 0.004 0.0461 -0.0152 0 -0.025 0.0056 -0.0354 -0.0077;
    agreeing<0.75 joining_days<0.125 margin<2 joining<-0.5059
    quiet<4.6728 meaning_margin<-0.1704 cosine<0.1846
        | -0.0126 0.0335 0.0141 -0.0205 0.014 -0.0373 0.0321 -0.0095;
    size<2.3026 meaning_margin<-0.2477 days<0.0009 meaning_single<0.0782
    meaning<0.5639 centre<0.1928 joining<0.9735
        | -0.0035 0.0395 -0.0136 0.0067 0.0506 -0.0277 0.0194 -0.0551;
    joining_days<-1.4616 best<inf joining_days<-0.3955 best<inf
    best<inf best<inf joining<-0.5059
        | -0.0318 0 0 0 0.0481 0 -0.034 0.0022;
    quiet<7.6667 joining<0.7635 best<inf joining<-0.5059
    margin<-0.2781 best<inf best<inf
        | -0.0155 0.0251 -0.0334 0.0067 0.0327 0 0 0;
    joining_best<0.9745 days<0.0009 days_texts<0.147 shared<2.0229
    days<0.2263 margin<-1.6652 meaning_margin<0.1574
        | 0.0618 0.0027 -0.0335 0.0092 -0.0537 -0.0058 0.0312 -0.0031;
    margin<-5.7031 meaning_single<0.0782 both_texts_best<-0 covered_size<0.2585
    joining<0.9735 margin<-1.1183 quiet<5.2095
        | -0.0056 -0.028 0.0062 0.0733 0.0049 -0.0463 0.0087 -0.0239;
    best<2.3458 days<0.0009 days<0.0009 shared<2.0229
    days<0.2263 joining<1.3599 joining<1.1769
        | 0.0626 0.0107 -0.037 0.0072 -0.0499 -0.0064 0.0194 -0.0173;
    joining_days<-1.4616 best<inf joining_days<-0.3955 best<inf
    best<inf quiet<0.6931 joining<-0.5059
        | -0.0304 0 0 0 0.0138 0.0554 -0.0286 0.0013;
    meaning<0.7063 joining_days<0.125 days<0.0009 joining<-0.5059
    joining_texts<1.2118 covered_size<0.4494 agreeing<0.75
        | -0.0135 0.0375 -0.0188 0.0449 -0.0055 -0.0422 0.0147 -0.0125;
    size<2.3026 rivals<0.6931 days<0.0009 meaning_texts<0.3439
    agreeing<0.75 best<inf joining<0.9735
        | -0.0012 -0.042 0.0184 -0.0085 0.0142 0 0.0174 -0.0508;
    joining_days<-1.4616 best<inf joining_days<-0.3955 best<inf
    best<inf joining_centre<-0.1912 both_texts_best<-0
        | -0.029 0 0 0 0.0126 0.0554 -0.0261 0.0018;
    joining_best<0.9745 quiet<4.6728 days_texts<0.147 both_texts_best<-0
    meaning_texts<0.0617 margin<-1.6652 meaning_margin<0.1574
        | -0.0442 0.0323 -0.0278 0.0494 -0.0516 -0.0051 0.0295 -0.003;
    best_single<-0 margin<-2.0986 margin<-0.2781 rivals<1.0986
    second<-1.8754 joining_meaning<0.2234 rivals<1.3863
        | 0.0094 0.0523 -0.0307 0.0059 0.0175 -0.0408 0.0146 -0.0366;
    joining_days<1.0907 quiet<5.5984 meaning_single<0.0782 meaning_texts<0.2352
    joining<0.187 mean<-1.3875 best<inf
        | 0.0163 -0.0199 0.026 -0.0566 0.0119 -0.0274 0.051 0;
    joining_days<-1.4616 best<inf joining_days<-0.3955 best<inf
    best<inf joining_centre<-0.1912 joining<-0.5059
        | -0.0289 0 0 0 0.0094 0.0516 -0.0284 0.0015;
    cosine<0.1846 joining_best<-0.9362 days<0.2263 joining_days<0.9958
    joining<-0.5059 joining_best<-2.8136 quiet<0.6931
        | -0.026 0.0237 -0.0141 0.0289 0.0094 -0.026 0.0375 -0.0126;
    meaning_margin<-0.3504 size<0.6931 joining<-1.7782 shared<2.0229
    best<inf best<inf joining_meaning<-0.4908
        | 0.0022 0.0395 -0.0061 0 0.0227 0 -0.0351 0.0006;
    meaning<0.7063 joining_texts<1.2118 quiet<6.4568 quiet<5.2095
    best<inf margin<-0.2781 best<inf
        | 0.0109 -0.0268 0.042 0 -0.0437 -0.0028 0.0206 0;
    size<2.3026 joining_texts<1.2118 days<0.0009 joining_days<0.4381
    joining_days<0.4381 best<inf joining<0.9735
        | 0.0097 -0.0264 -0.008 0.0466 0.0128 0 0.0172 -0.0479;
    agreeing<0.75 quiet<4.6728 margin<2 both_texts_best<-0
    meaning_texts<0.0617 meaning_margin<-0.1704 burst_texts<0.6931
        | -0.0338 0.0256 -0.02 0.0325 0.014 -0.0329 -0.0176 0.0177;
    days<0.2263 meaning_margin<-0.013 joining_days<0.2578 joining_meaning<0.764
    cosine<0.1846 joining_days<-1.4616 burst<0.6931
        | -0.0054 -0.0511 0.0354 -0.0173 -0.0275 0.0339 -0.0136 0.0355;
    joining_days<1.0907 quiet<5.5984 meaning_single<0.0782 both_texts_best<-0
    joining<0.0816 mean<-1.3875 best<inf
        | -0.0377 0.0086 0.0297 -0.0484 0.011 -0.0254 0.0468 0;
    joining_best<0.9745 both_texts_best<-0 meaning_margin<-0.013 quiet<3.8501
    quiet<4.6728 quiet<0.6931 cosine<0.3227
        | -0.0478 0.0416 0.0259 -0.0174 -0.0456 0.009 0.0146 -0.0184;
    joining_meaning<-0.4908 joining<-1.7782 joining<0.6644 best<inf
    meaning_mean<0.6209 quiet<5.5984 quiet<7.6667
        | 0.0191 0 -0.0421 -0.0096 0.0292 -0.0111 -0.01 0.033;
    days<0.2263 margin<-2.0986 margin<-2.0986 days<0.0009
    joining<0.187 size<1.0986 centre_size<0.1206
        | 0.0077 -0.0485 -0.0231 0.0107 0.0433 -0.0256 -0.0336 0.0237;
    best<2.3458 days<0.0009 days<0.0009 shared<2.0229
    days<0.2263 joining<1.3599 meaning<0.7063
        | 0.0517 0.0049 -0.0333 0.0068 -0.0462 -0.0043 0.0277 -0.0062;
    joining_days<-1.4616 best<inf joining_days<-0.3955 best<inf
    best<inf joining_centre<-0.1912 both_texts_best<-0
        | -0.0274 0 0 0 0.0061 0.0454 -0.0226 0.0016;
    best_single<-0 margin<-2.0986 margin<-0.2781 rivals<1.0986
    second<-1.8754 joining_meaning<0.2578 centre_size<0.1206
        | 0.0078 0.0407 -0.0261 0.0065 0.0144 -0.0364 -0.022 0.0164;
    best<2.3458 days<0.0009 days<0.0009 shared<2.0229
    days<0.2263 joining<1.3599 meaning<0.7063
        | 0.0496 0.005 -0.0306 0.0062 -0.0434 -0.0046 0.0267 -0.0063;
    joining_days<-1.4616 best<inf joining_days<-0.3955 best<inf
    best<inf shared<2.3894 both_texts_best<-0
        | -0.0266 0 0 0 -0.0002 0.0371 -0.0214 0.0016;
    burst_meaning<0.9359 joining_texts<1.2118 meaning_mean<0.6209 quiet<4.6728
    covered<0.1651 days<0.0009 covered_size<0.9718
        | 0.0077 -0.0192 0.0402 0.01 0.0312 -0.0207 -0.0068 -0.0433;
    joining_meaning<-0.4908 joining<-1.7782 is_old<1 best<inf
    meaning_mean<0.6209 both_texts_best<-0 quiet<4.6728
        | 0.0197 0 -0.0391 -0.0084 -0.0379 0.0004 0.0454 -0.0081;
    size<2.3026 joining_texts<0.9956 days<0.0009 joining_days<0.4381
    agreeing<0.75 best<inf joining<0.9735
        | 0.0066 -0.0232 0.0353 -0.0033 0.0095 0 0.0149 -0.0442;
    meaning<0.7063 covered<0.4119 quiet<6.4568 joining_texts<1.2118
    best<inf margin<-0.2781 best<inf
        | -0.0041 0.0314 0.0326 0 -0.0391 -0.0041 0.0189 0;
    joining_days<-1.4616 best<inf joining_days<-0.3955 best<inf
    best<inf joining_centre<-0.1912 both_texts_best<-0
        | -0.0259 0 0 0 0.004 0.0414 -0.0218 0.0019;
    """,
)
