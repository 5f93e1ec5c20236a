"""How articles say that a report is another's, or their own, in nine languages: one formula a line, as a pattern.

A space stands for any white space; `derived` says what the formulas are worth and compiles them.
"""

from __future__ import annotations

# Before the name of the other, whose news it was first, alone, or on whose report all rests.
BEFORE_FIRST = r"""
(?:was |were |been )?first (?:reported|revealed|published|disclosed|uncovered|spotted|noticed)(?: on \w+| earlier)? by
first (?:appeared|published) in
originally reported by
reported first by
scoop by
(?:reported|revealed|uncovered|disclosed|seen) (?:earlier |exclusively )?by
according to (?:an? |the )?(?:new |exclusive |earlier )?(?:report|story|article|investigation|account) (?:by|in|from|of)
according to (?:an? |the )?(?:report|story|article|investigation) published (?:by|in)
citing (?:an? |the )?(?:(?:report|story|article|investigation) (?:by|in|from) )?
as (?:first )?(?:reported|revealed) (?:by|in)
an? (?:report|investigation|article|story) (?:by|in|from)
(?:zuerst|als Erste[rs]?) (?:berichtet\w*|hatten?|gemeldet)
(?:einem|eines|nach einem|laut einem) Berichts? (?:von|der|des|in der|im)
unter Berufung auf
unter Verweis auf
d'après une (?:enquête|information) (?:de|du)
révélé(?:e|es|s)? par
selon une (?:enquête|information) (?:de|du|d')
rapportée? d'abord par
según (?:una? )?(?:informe|informó primero|investigación|artículo|reportaje) (?:de|del|por)
adelantad[oa] por
publicado por
citando a
secondo (?:un'inchiesta|un articolo|quanto rivelato|quanto riportato|quanto riporta)(?: di| del| da| dal| dalla)?
rivelato da(?:l|lla)?
citando
(?:eerst|als eerste) (?:gemeld|bericht|onthuld) door
blijkt uit (?:onderzoek|een artikel) van
op gezag van
segundo (?:uma )?(?:reportagem|apuração|notícia) (?:do|da|de)
revelad[oa] (?:pelo|pela|por)
noticiad[oa] (?:primeiro )?(?:pelo|pela|por)
enligt en (?:artikel|granskning) i
avslöjades av
według (?:ustaleń|doniesień|informacji)
jako pierws\w+ (?:podał|poinformował)\w*
"""
# Before the name of the other, who is one voice for it.
BEFORE_PLAIN = r"""
according to
as told to
reports by
a report in
(?<=,\s)(?:reports|says)
per
tells?
told
via
laut
bericht(?:et|ete|en|eten)
schreibt
schrieb
meldete?
enthüllte?
so
gegenüber (?:der|dem)
sagten? (?:er |sie )?(?:der|dem)
selon
d'après
a (?:déclaré|confié|indiqué) (?:à|au)
(?:a )?rapporté?e?(?:nt)?
a révélé
révèle
écrit
affirme
según
de acuerdo con
inform[óa]
public[óa]
revel[óa]
señala
ha (?:publicado|revelado|informado)
secondo
stando a
riporta
scrive
rivela
ha (?:riportato|rivelato|scritto)
volgens
meldde
meldt
bericht
schrijft
onthulde?t?
aldus
segundo
de acordo com (?:o|a)
conforme (?:o|a)
(?:informou|publicou|revelou) (?:o|a)
enligt
rapporterar
skriver
uppger
według
jak podaje
donosi
informuje
"""
# After the name of the other, who had it first or alone.
AFTER_FIRST = r"""
first reported
reported first
was (?:the )?first to report
exclusively reported
broke the (?:story|news)
(?:berichtete|meldete|hatte) zuerst
exklusiv berichtet\w*
a révélé
ha revelado
reveló
adelantó
ha rivelato
onthulde
revelou
avslöjade
"""
# After the name of the other, who is one voice for it.
AFTER_PLAIN = r"""
(?:has |had )?reported
reports?
report (?:says|finds)
writes
wrote
reveal(?:s|ed)
(?:says|said) in a report
says$
investigation
berichtete?
schreibt
meldete?
zufolge
(?:a )?rapporté?e?
(?:a )?écrit
affirme
révèle
inform[aó]
public[aó]
revela
escribe
(?:ha )?riporta(?:to)?
(?:ha )?scri(?:ve|tto)
rivela
meldt
meldde
schrijft
bericht
(?:noticiou|informou|publicou|revelou)
escreve
rapporterar
skriver
uppger
poda(?:ł|je)
donosi
pisze
"""
UNVERIFIED = r"""
(?:could|can|was|were|has|have)(?: ?not|n't| unable)(?: immediately| independently| been able| to)* (?:verif|confirm)\w+
ließ sich (?:zunächst )?nicht (?:unabhängig )?(?:überprüfen|bestätigen)
n'a pas pu (?:être )?(?:vérifi|confirm)\w+
no (?:ha podido|pudo) (?:verificar|confirmar)
non è stato possibile verificare
kon(?:den)? (?:(?:het|dit|dat) )?niet (?:onafhankelijk )?(?:verifiëren|bevestigen)
não (?:foi possível|pôde) (?:verificar|confirmar)
"""
# Reporting of the article's own, in the first person.
OWN_VOICE = r"""
(?:told|tells|telling) us
(?:spoke|speaking|talked) (?:to|with) us
we (?:asked|spoke|contacted|reached out|have seen|obtained|reviewed|tested|tried|visited|met|called)
(?:seen|obtained|reviewed|reached|contacted|asked) by us
shared with us
our (?:reporter|correspondent|own (?:test|reporting|review))
(?:sagten?|erklärten?) uns
liegt? uns vor
liegen uns vor
gegenüber uns
wir haben (?:\w+ )?(?:gefragt|gesprochen|getestet)
nous a (?:déclaré|confié|indiqué)
nous avons (?:pu )?(?:consult|interrog|contact)\w*
nos (?:dijo|contó|explicó)
ci ha (?:detto|spiegato|raccontato)
vertelt ons
zegt tegen ons
disse-nos
"""
# Reporting of the article's own, before its publisher's name.
OWN_BEFORE = r"""
(?:told|tells|telling)
(?:interview|statement|response|comment) (?:with|to)
(?:spoke|speaking) (?:to|with)
(?:sent|confirmed|provided) to
shared with
(?:seen|obtained|reviewed|viewed|heard|contacted|asked|analy[sz]ed|tested|visited) by
sagten?
gegenüber
erklärte
Anfrage (?:von|des|der)
lieg(?:t|en)
(?:déclaré|confié) (?:à|au)
consulté(?:s|es)? par
(?:dijo|declaró) a
consultad[oa]s? por
ha detto a
vertelt
zegt tegen
(?:disse|contou) (?:ao|à)
"""
# The same, after it.
OWN_AFTER = r"""
(?:'s |’s )?has (?:seen|learned|learnt|reviewed|obtained|confirmed|spoken|asked)
(?:'s |’s )?(?:asked|obtained|reviewed|spoke|visited|analysis|analy[sz]ed|tested|contacted)
"""
# Between a formula and a name.
LINKING = "the|a|an|der|die|das|dem|des|den|le|la|les|el|il|lo|los|de|het|o|du|del|della|dal"
KINDS = """
newspaper
magazine
news site
website
tech site
news agency
(?:US-|Fach)?Magazin
Zeitung
Nachrichtenagentur
journal
quotidien
agence
periódico
diario
agencia
quotidiano
giornale
agenzia
krant
jornal
tidningen
dziennik
"""
