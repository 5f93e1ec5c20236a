"""How common words are in the openings of English news: a start for rarities while the window is still small.

Shares of some 140 groups of public news texts whose opening has the (stemmed) word, rounded. Smoothing only: as the
window fills, its own frequencies outweigh these, so that new names never vanish behind an old vocabulary.
"""

from __future__ import annotations

_BY_SHARE = {
    0.16: """
        accord old peopl president stat thre
    """,
    0.08: """
        add against american announc area around back business call came case chang claim company country da
        deal donald down end even fire former found going government help high includ kill lead life like made
        make man month national night offic official party polic public releas report second servic show start
        statement street talk third told trump unit way work york
    """,
    0.04: """
        accus across action administration again agency ago air alleg allegedly allow already among angel
        another ap appear arrest attempt attorney authority availabl award bas becom began beij best big billion
        body both brand build campaign car caus center central ceo charg check chief china city clos co com come
        conclud condition confirm court creat de death decision department describ design despit died directly
        director doesnt drop earlier early effort election expect experienc face fact familiar family far featur
        feel few final find fir five follow forc form founder four free gain game general go good great group
        hand hard head health held hill him hit hospital host hous important injur inquiry investigation issu
        jame job join journal jupiter know larger later launch leader least led left level light likely littl
        local long look los low major mak mark market me mean media meet member messag mile million minut moon
        morn murder name nasa nation near need never next north number offer officer once open original outsid
        part patrick per perform performanc plac plan platform play political possibl post press prison problem
        profil promis protest publish purchas question quickly rang receiv recently record return reuter review
        right room run scen scientist search season security seem seen sentenc serv sery set several shar shot
        sinc size social sourc south spac stag star still stop support surfac suspect suv system team test thing
        thos threaten through time today took top trad try turn use used vehicl version visit vote walk want
        washington water weekend welcom well whit without woman world worth
    """,
    0.02: """
        able accept account actress agre ahead alarm allegation almost amount announcement annual anti
        apparently approach arriv ask assault associat attack attention author away bank battl becam begin
        behind believ below better beyond bid black blaz block bomb book break brother brought candidat capital
        carri carry celebrat certain certainly chanc children coast comment commit complet concern conferenc
        consider continu contract control convict cost count county coupl cours cover crew criminal criticism
        currently custody damag date dead decad decid declin defens degre demand democratic deputy didnt die
        different difficult direct display district doctor doing dollar done door dozen driv due each east easy
        effect eight employe enough european ever every everyon everyth excit fac facility federal fell felt
        femal fight figur film financial firearm flee ford franchis friend front full futur girl give given
        global gone governor guilty half happen hav hear highest himself history hollywood home hour however
        huge im information insid intelligenc interest international interview introduc investigat isnt john
        judg justic keep known la land larg late latest law leav less list liv longer loss lot love manag
        manager many matter men met michael military minister ministry minor move movi mr much nativ nearly
        necessary nine notic ongo order organization other owner park particularly pass past percent person phon
        plant plead point popular potential power powerful present presidential pric prim prior probably
        production program prosecutor protect protester provid pull put puts rais reach real really reason
        recent red region remain rep reportedly reporter republican rescu respons result reveal rock role roll
        rose round row royal saw say schedul seat secretary see seek self sent seriou seven seventh sex shoot
        shop short should side sign singl site six small someth soon special spend spent spokesperson spread
        stand standard station stay step stor straight strik success suffer sure surpris survey suspiciou tak
        take target tell term theyr think though thought threat titl together tony total town track treat
        treatment tri tweet twitter type un union university until using victim victory vot wall war wasnt
        weapon week west western whether wide wife william winn within witness women won wonder worker wound
        writ wrot young your
    """,
    0.01: """
        agent biggest building burn california career cars chri clash club conduct detail dont enter entranc
        escap estimat fail fans fifth fil finally foot gas gun harm involv jail kept main money mov multipl
        nearby occur oil operation pictur player process producer project runn screen shortly smok spot trial
        van violenc violent wait warn went win
    """,
}
COMMON_SHARE: dict[str, float] = {word: share for share, words in _BY_SHARE.items() for word in words.split()}
