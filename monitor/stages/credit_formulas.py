"""How pages say whose words they print, in fourteen languages: patterns as data. `credits` says what they are worth.

NAME stands for any name of an agency in the register, in exactly its spelling or in capitals; ANY for any name, up to
the end of the clause. What stands inside (?P<kind>…) is not read; it only parts the formulas by what they mean.
"""

from __future__ import annotations

# Words before a name on a line of its own, at the head or the foot of a text: "By Reuters", "Quelle: dpa".
BYLINES = r"by|from|von|par|por|di|da|de|door|av|af|fra|od|od:|tekst:|texto:|texte:|testo:|text:|автор:|от|de la|da:"
# "Source: NAME" as a line of its own.
SOURCES = (
    r"sources?|quellen?|fuentes?|fonti|fonte|bron|källa|kilde|źródło|lähde|источник|zdroj|kaynak|来源|來源|出典|출처"
)
# Between two names in a byline: "AFP/dpa", "Reuters and AP".
JOINTS = r"[,;/&+|·–-]|and|und|et|y|e|en|och|og|i|mit|with|avec|con|com|met|med|z"
# Credits of pictures: whose photograph it is says nothing of the words.
PICTURES = (
    r"photos?|photograph\w*|picture\w*|images?|fotos?|bild(?:er)?|imagen(?:es)?|fotografía|immagin[ei]|"
    r"imagem|illustration"
    r"|getty|shutterstock|file photo|handout|archivbild|symbolbild|crédit photo|foto:|zdjęci\w*|фото|写真|"
    r"图片|사진|video|vidéo"
)
MONTHS = (
    "jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august "
    "september october "
    "november december januar februar märz mai juni juli oktober dezember janvier février mars avril juin juillet août "
    "septembre octobre novembre décembre enero febrero marzo abril mayo junio julio agosto septiembre "
    "octubre noviembre "
    "diciembre ene abr ago dic gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre "
    "gen mag giu lug set "
    "ott janeiro fevereiro março maio junho julho setembro outubro novembro dezembro fev out dez maart "
    "mei augustus mrt okt "
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia "
    "lut kwi cze lip sie "
    "wrz paź lis gru янв фев мар апр мая июн июл авг сен окт ноя дек января февраля марта апреля июня "
    "июля августа сентября "
    "октября ноября декабря juin déc févr juil am pm est edt gmt utc cet"
)
PLACES = "de la le les el los las di da do dos del der den am im of the sur sous aan bei a en y e in and und von"

# What is said about NAME in a sentence of its own, mostly in the last lines.
MATERIAL = (
    (
        r"(?:with|includes?|contains?|using) (?:additional )?(?:material|reporting|inputs?|information|files|"
        r"agency inputs) (?:from|by|of) (?:the )?NAME"
    ),
    r"\(?with (?:agency )?inputs? from NAME",
    (
        r"(?:mit|enthält|unter Verwendung von) (?:Material|Informationen|Agenturmaterial)(?: (?:von|der|"
        r"des))?(?: Nachrichtenagentur(?:en)?)? NAME"
    ),
    r"\(?(?:Red\.?|Redaktion)?\s*[/,]?\s*mit NAME\)?",
    r"\(?avec (?:l['’])?(?:agence )?NAME\)?",
    r"con (?:información|informaciones|datos) (?:de )?(?:la agencia )?NAME",
    r"com (?:informações|agência) (?:d[aeo]s? )?(?:agência )?NAME",
    r"con (?:informazioni|contributi) (?:di |dell['’])?NAME",
    r"met (?:informatie van |medewerking van )?(?:het )?NAME",
    r"(?:med|från) (?:material från |information från )?NAME",
    r"(?:z|na podstawie) (?:materiałów |depeszy )?NAME",
    r"по (?:материалам|информации агентства) NAME",
    (
        r"(?:the )?NAME(?: (?:staff|technology|business|video))?(?: (?:writers?|journalists?|reporters?|"
        r"correspondents?)).{0,200}? contributed(?: to this (?:report|story|article))?"
    ),
    r"(?:copyright|©|\(c\)|℗)\s*(?:\d{4}\s*)?(?:by |the |l['’])*NAME.{0,80}",
    (
        r"(?:the )?NAME(?:[. ].{0,60})? (?:all rights reserved|alle Rechte vorbehalten|tous droits réservés|"
        r"todos los derechos reservados)"
    ),
    r"distributed by NAME",
    r"(?:diese Meldung|dieser Text|dieser Artikel) (?:stammt von|wurde von|basiert auf).{0,60}NAME.{0,80}",
    r"(?:cet article|cette dépêche|ce texte) (?:est|a été|provient) (?!.*publi).{0,60}NAME.{0,40}",
    (
        r"(?:this is (?:an?|the) )?(?:unedited,? |auto-generated |syndicated )*(?:feed|story|report|article) "
        r"(?:from|by|of) (?:the )?(?:syndicated )?NAME.{0,60}"
    ),
)
# The signature of one agency's own desk, which its customers print without its name.
SIGNATURES = {
    "Reuters": r"\((?:additional )?reporting by .{3,200}?[;.] ?(?:writing by .{3,80}[;.] ?)?editing by .{3,120}?\)?",
}
REPUBLISHED = (
    (
        r"(?:this|the|a version of this) (?:story|article|piece|post|report|column|essay|text)"
        r" (?:was|is|has been|were)? ?(?:originally |first |previously )?(?:published|appeared|posted|"
        r"republished|reprinted|produced|reported)"
        r"(?: originally| first| earlier)? (?:on|in|by|at|from|with)(?: the)? (?:website of |pages of )?ANY"
    ),
    r"(?:originally|first) (?:published|appeared|posted)(?: on [A-Z0-9][\w ,]{3,24})? (?:on|in|by|at) ANY",
    r"(?:re)?(?:published|printed) (?:from|with (?:the )?permission (?:from|of)|courtesy of) ANY",
    (
        r"(?:dieser|der) (?:Artikel|Text|Beitrag|Bericht) (?:erschien|ist|wurde) (?:zuerst|ursprünglich|"
        r"zunächst)(?: (?:bei|auf|in|im|von))?(?: (?:der|dem|den))? ANY"
    ),
    r"zuerst (?:erschienen|veröffentlicht) (?:bei|auf|in|im) ANY",
    (
        r"(?:cet article|ce texte|ce contenu) (?:a été|est) (?:initialement |d'abord |originellement "
        r")?(?:publié|paru|republié|repris)"
        r"(?: initialement| originellement| à l'origine)? (?:par|sur|dans|de) ANY"
    ),
    (
        r"(?:este|esta|el) (?:artículo|nota|texto|reportaje|noticia) (?:fue|ha sido|se) (?:publicad[oa]|publicó)"
        r"(?: originalmente| inicialmente| primero)? (?:en|por) ANY"
    ),
    r"publicad[oa] originalmente (?:en|por|no|na|pelo) ANY",
    (
        r"(?:este|esta|o) (?:artigo|texto|reportagem|matéria) foi (?:originalmente )?publicad[oa](?: "
        r"originalmente)? (?:em|no|na|por|pelo|pela) ANY"
    ),
    (
        r"(?:questo|l['’])\s?(?:articolo|testo) (?:è stato|è) (?:originariamente )?(?:pubblicato|apparso|"
        r"uscito)(?: originariamente| originalmente| per la prima volta)?"
        r" (?:su|sul|sulla|da|dal|in) ANY"
    ),
    (
        r"dit (?:artikel|stuk|verhaal) (?:verscheen|is) (?:eerder |oorspronkelijk |eerst )?(?:gepubliceerd "
        r")?(?:op|in|bij|door) ANY"
    ),
    (
        r"(?:den här|denna) (?:artikeln?|texten?) (?:publicerades|har) (?:först|ursprungligen)(?: "
        r"publicerats)? (?:i|på|av) ANY"
    ),
    (
        r"(?:artykuł|tekst) (?:pierwotnie |po raz pierwszy |oryginalnie )?(?:ukazał się|został "
        r"opublikowany)(?: pierwotnie| po raz pierwszy)? (?:w|na) ANY"
    ),
    r"(?:статья|текст|материал) (?:впервые |изначально )?(?:опубликован[аы]?|вышл?[ао]?)(?: впервые)? (?:в|на) ANY",
    r"(?:本文|この記事)は?(?:最初に|、)?(?P<any>[^。、]{2,40}?)(?:に掲載|で公開|が配信)",
    r"view (?:original content|source version)(?: (?:on|at|:))? ?(?:https?://)?(?:www\.)?ANY",
    r"^SOURCE:? (?P<any>[A-Z][^\n]{2,60})$",
)
TRANSLATED = (
    r"(?:this (?:article|story|text) (?:was|is|has been) )?(?:machine[- ])?translated (?:from|by|into)(?: the)? ANY",
    (
        r"(?:this is a|an? (?:edited )?) ?translation of (?:an? |the )?(?:article|story|text|report)? ?(?:by|"
        r"from|in|published (?:by|in)) ANY"
    ),
    r"aus dem (?P<any>\w{4,20}(?:ischen|en)?) (?:übersetzt|übertragen|von)\b",
    r"(?:übersetzung|übersetzt) (?:aus dem|von|durch)(?: der)? ANY",
    r"(?:cet article a été )?traduit (?:de (?:l['’])?|du |par |depuis )ANY",
    r"(?:traducido|traducción) (?:del?|por|desde el) ANY",
    r"(?:traduzido|tradução) (?:d[oe]|por) ANY",
    r"(?:tradotto|traduzione) (?:dal?(?:l['’])?|di|da) ANY",
    r"(?:vertaald|vertaling) (?:uit|door|van) (?:het )?ANY",
    r"(?:översatt|översättning) (?:från|av) ANY",
    r"(?:tłumaczenie|przetłumaczono|przekład) (?:z|za|:) ?ANY",
    r"(?:перевод|переведено) (?:с|из|:) ?ANY",
    r"(?P<any>[^\s。]{2,20})から翻訳",
    r"翻译自(?P<any>[^\s。]{2,30})",
)
VIA = (r"\(?(?:via|h/t|hat tip:?|vía)[: ]+ANY",)
