"""The words of `claims` in German, French and Spanish: what charges, what says who says so, what a private person is.

Beginnings of words, written as alternatives; a capital counts only in names.
"""

from __future__ import annotations

from collections.abc import Mapping

CHARGES: Mapping[str, str] = {
    "de": r"""lüg(?:t|en)|log(?:en)?|gelogen|fahrlässig\w*|rücksichtslos\w*|rechtswidrig\w*|illegal\w*|verstieß
        |verstößt
        |verstoßen|betrog\w*|betrüg\w*|täusch\w+|diskriminier\w+|stahl|gestohlen|vertusch\w+|verschwieg\w*|wusste\w*
        |belästig\w+|missbrauch\w*|tötet\w*|verursacht\w*|irregeführt|fälsch\w+|schuldig|kriminell\w*|verletzte das
        |plagiier\w+|verleumd\w+|ignorier\w+|manipulier\w+|bespitzel\w+|erpress\w+|versäumt\w*|unterließ\w*""",
    "fr": r"""ment(?:i|it|ent)|négligen\w+|imprudent\w*|illég\w+|viol(?:é|e|ent|ait)\w*|fraud\w+|tromp\w+|discrimin\w+
        |vol(?:é|a|e)e?s?|dissimul\w+|cach(?:é|e)\w*|savai(?:t|ent)|harcel\w+|harcèl\w+|abus\w+|tu(?:é|e|a)e?s?
        |caus\w+
        |falsifi\w+|coupables?|criminel\w*|plagi\w+|diffam\w+|ignor\w+|manipul\w+|espionn\w+|extor\w+|chant(?:age|é)
        |a omis|n'a pas (?:signalé|informé|protégé)""",
    "es": r"""min(?:tió|tieron|tiendo)|negligen\w+|temerari\w+|ilegal\w*|ilícit\w+|viol(?:ó|aron|aba)\w*|defraud\w+
        |engañ\w+
        |discrimin\w+|rob(?:ó|aron|ado)\w*|ocult\w+|encubr\w+|sab(?:ía|ían)|acos\w+|abus\w+|mat(?:ó|aron)|caus(?:ó
        |aron)
        |falsific\w+|culpables?|delito\w*|criminal\w*|plagi\w+|difam\w+|ignor(?:ó|aron)|manipul\w+|espi(?:ó|aron)
        |extors\w+
        |no (?:informó|avisó|protegió)""",
}
SAYERS: Mapping[str, str] = {
    "de": r"""laut|zufolge|nach angaben|sag(?:t|te|ten|en)|erklär\w+|wirft|werfen|warf|vorwurf|vorwürfe|behaupt\w+
        |bericht\w+
        |mutmaßlich\w*|angeblich\w*|klag(?:t|te|e|en)|klage|beschwerde\w*|anklage\w*|angeklagt\w*|schrieb\w*|schreibt
        |urteil\w*|befand|entschied\w*|stellte fest|räumt\w*|gab zu|bestätig\w+|bestreit\w+|wies zurück|ermittel\w+
        |verdacht\w*
        |soll(?:en)?|sei(?:en)?|habe""",
    "fr": r"""selon|d'après|affirm\w+|accus\w+|déclar\w+|dit|disent|allègu\w+|alléga\w+|présum\w+|rapport\w+
        |plainte\w*
        |port(?:é|e) plainte|assign\w+|poursui\w+|écri(?:t|vent|vait)|jug(?:é|e|ea|ement)\w*|conclu\w*|constat\w+
        |condamn\w+
        |admi\w+|reconn\w+|confirm\w+|dément\w*|nie|enquêt\w+|soupçonn\w+|aurai(?:t|ent)""",
    "es": r"""según|de acuerdo con|acus\w+|afirm\w+|dij\w+|dice\w*|declar\w+|alega\w*|alegó|presunt\w+|supuest\w+
        |informó
        |informe\w*|denunci\w+|demand\w+|querella\w*|escrib\w+|falló|dictamin\w+|concluy\w+|constat\w+|conden\w+
        |admit\w+
        |reconoc\w+|confirm\w+|neg(?:ó|aron)|desment\w+|investig\w+|sospech\w+|habría\w*""",
}
PEOPLE: Mapping[str, str] = {
    "de": r"""Krankenschwester|Pfleger(?:in)?|Lehrer(?:in)?|Schüler(?:in)?|Student(?:in)?|Mutter|Vater|Sohn|Tochter
        |Ehefrau|Ehemann
        |Witwer?|Patient(?:in)?|Opfer|Anwohner(?:in)?|Fahrer(?:in)?|Fußgänger(?:in)?|Radfahrer(?:in)?|Kundin|Kunde
        |Nutzer(?:in)?
        |Mieter(?:in)?|Nachbar(?:in)?|Kind|Junge|Mädchen|Jugendliche[rn]?|Angestellter?|Rentner(?:in)?|Klägerin
        |Kläger""",
    "fr": r"""infirmi(?:er|ère)|enseignante?|étudiante?|élève|lycéenne?|mère|père|fils|fille|épouse|époux|veuve
        |veuf|patiente?
        |victime|habitante?|conduct(?:eur|rice)|piétonne?|cycliste|cliente?|utilisat(?:eur|rice)|locataire|voisine?
        |enfant
        |garçon|adolescente?|employée?|retraitée?|plaignante?""",
    "es": r"""enfermer[oa]|maestr[oa]|profesora?|estudiante|alumn[oa]|madre|padre|hij[oa]|espos[oa]|viud[oa]
        |paciente|víctima
        |vecin[oa]|conductora?|peat[oó]n(?:a)?|ciclista|clienta?|usuari[oa]|inquilin[oa]|niñ[oa]|adolescente
        |emplead[oa]
        |jubilad[oa]|demandante""",
}
FORMS_OF_ADDRESS: Mapping[str, str] = {
    "de": r"Herrn?|Frau",
    "fr": r"Mme|Madame|Monsieur|M\.|Mlle",
    "es": r"Sra?\.|Señora?|Don|Doña",
}
OFFICES: Mapping[str, str] = {
    "de": r"""chef\w*|geschäftsführer\w*|vorstand\w*|direktor\w*|gründer\w*|minister\w*|abgeordnet\w+
        |bürgermeister\w*|richter\w*
        |staatsanw\w+|sprecher\w*|professor\w*|anwalt|anwältin|kanzler\w*|präsident\w*|beauftragte\w*|schauspieler\w*
        |sänger\w*|autor\w*|journalist\w*""",
    "fr": r"""pdg|direct(?:eur|rice)|président\w*|fondat\w+|ministre|secrétaire|sénat\w+|député\w*|maire|juge
        |procureur\w*
        |porte-parole|profess\w+|avocat\w*|chancel\w+|act(?:eur|rice)|chant\w+|aut(?:eur|rice)|journaliste""",
    "es": r"""director\w*|president\w+|fundador\w*|ministr\w+|secretari\w+|senador\w*|diputad\w+|alcald\w+|juez\w*
        |fiscal\w*
        |portavo\w+|catedrátic\w+|abogad\w+|canciller|actor|actriz|cantante|autora?|periodista""",
}
AGES: Mapping[str, str] = {
    "de": r"\s*\((?P<age>[1-9][0-9]?)\)|,\s+(?P<age2>[1-9][0-9]?)(?:\s+Jahre)?\s*,",
    "fr": r"\s*\((?P<age>[1-9][0-9]?)\s*ans\)|,\s+(?P<age2>[1-9][0-9]?)\s+ans\b",
    "es": r"\s*\((?P<age>[1-9][0-9]?)(?:\s*años)?\)|,\s+de\s+(?P<age2>[1-9][0-9]?)\s+años\b",
}
ARTICLES: Mapping[str, str] = {
    "de": r"eine?|der|die|das|seine?|ihre?",
    "fr": r"une?|la|le|sa|son|leur",
    "es": r"una?|la|el|su",
}
