"""The phrases of `signals` in German, French and Spanish: by language, then by what they hint at.

Written as the English ones are: alternatives between bars, a space for any white space. To add a language, add its
phrases here, its months to `days`, and its small words to `tongue`.
"""

from __future__ import annotations

from collections.abc import Mapping

ABROAD: Mapping[str, Mapping[str, str]] = {
    "de": {
        "SEV-1": r"""starb(?:en)? | gestorben | getötet | tote[rn]? | todesf(?:all|älle) | ums leben | tödlich\w*
            | suizid begangen | das leben genommen | querschnittsgelähmt
            | \d+(?:,\d+)? millionen (?:menschen|nutzer\w*|kund\w+|patient\w+|konten|datensätze)""",
        "SEV-2": r"""verletzt\w* | verletzungen | krankenhaus | suizidversuch | festgenommen | festnahme | verhaftet\w*
            | inhaftiert\w* | (?:job|arbeitsplatz|wohnung) verloren | leistungen gestrichen | kindesmissbrauch\w*
            | \d+(?:,\d+)? (?:millionen|milliarden) (?:euro|dollar|franken|pfund)""",
        "SEV-3": r"""bußgeld\w* | geldstrafe\w* | verklagt\w* | klage | klagt | urteil\w* | verurteilt\w* | verboten
            | untersagt\w* | datenleck\w* | gehackt\w* | hacker\w* | betrug\w* | betrogen | betrüger\w* | erfunden\w*
            | erfand | halluzinier\w* | deepfakes? | gefälscht\w* | diskriminier\w* | ausfall\w* | gelöscht\w*""",
        "SEV-4": r"""panne\w* | kurzzeitig | peinlich\w* | entschuldigt\w* | zurückgenommen | verlangsamt\w*
            | eingestellt | rechtzeitig bemerkt""",
        "M1": r"""stellt\w* ein | eingestellt | neue (?:nutzungs)?bedingungen | nutzungsbedingungen | preiserhöhung
            | zieht\w* zurück | zurückgezogen""",
        "M2": r"""halluzinier\w* | erfunden\w* | erfand | erfindet | chatbot (?:riet|sagte|gab) | falsche antwort\w*
            | verwechselt\w*""",
        "M3": r"nach (?:dem|einem) update | neue version | schlechter als",
        "M4": r"ausfall\w* | ausgefallen | störung\w* | nicht erreichbar | lahmgelegt",
        "M5": r"deepfakes? | betrüger\w* | geklonte stimme | imitier\w* | desinformation\w* | schummel\w*",
        "M6": r"""gehackt\w* | hacker\w* | cyberangriff\w* | schadsoftware | jailbreak\w* | prompt injection
            | datenleck\w*""",
        "M7": r"""setzt\w* ein | eingesetzt | führte ein | ohne menschliche (?:prüfung|kontrolle) | automatisierte
            entscheidung\w*""",
        "M8": r"""klage | verklagt\w* | gericht\w* | urteil\w* | richter\w* | bußgeld\w* | ermittl\w* | verboten
            | untersagt\w* | datenschutzbehörde | aufsicht\w*""",
        "M9": r"autonom\w* | fahrerlos\w* | selbstfahrend\w* | eigenmächtig | ki-agent\w* | robotaxi\w*",
        "F1": r"starb(?:en)? | getötet | tödlich\w* | verletzt\w* | unfall\w* | zusammenstoß",
        "F2": r"suizid\w* | selbstmord\w* | selbstverletz\w* | psychose\w* | essstörung\w* | psychisch\w*",
        "F3": r"diskriminier\w* | rassis\w* | sexis\w* | benachteilig\w* | antisemit\w*",
        "F4": r"datenschutz\w* | privatsphäre | personenbezogen\w* | gesichtserkennung | überwach\w* | dsgvo",
        "F5": r"falschinformation\w* | desinformation\w* | erfunden\w* | gefälscht\w* | deepfakes? | irreführ\w*",
        "F6": r"betrug\w* | betrogen | betrüger\w* | erpress\w* | lösegeld",
        "F7": r"sicherheitslücke\w* | schwachstelle\w* | jailbreak\w* | prompt injection",
        "F8": r"urheberrecht\w* | plagiat\w* | geschäftsgeheimnis\w* | raubkopie\w*",
        "F9": r"ausfall\w* | ausgefallen | störung\w* | nicht erreichbar | lahmgelegt",
        "F10": r"rechenschaft\w* | transparen\w* | ohne (?:wissen|zustimmung|einwilligung) | aufsicht\w*",
        "F11": r"entlassen\w* | entlassungen | kündig\w* | stellenabbau | arbeitsplätze",
        "F12": r"emission\w* | stromverbrauch | wasserverbrauch | umweltbelast\w*",
    },
    "fr": {
        "SEV-1": r"""mort(?:e|s|es)? | décès | décédée?s? | tuée?s? | mortel(?:le)?s?
            | s'est (?:suicidé|donné la mort)\w*
            | suicidée?s? | paralysée?s?
            | \d+(?:,\d+)? millions? (?:de personnes|d'utilisateurs|de clients|de comptes)""",
        "SEV-2": r"""blessée?s? | blessures? | hospitalisée?s? | tentative de suicide | arrêtée?s? | arrestation
            | emprisonnée?s? | expulsée?s? | perdu (?:son|leur|leurs) (?:emplois?|logements?) | pédopornograph\w+
            | \d+(?:,\d+)? (?:millions?|milliards?) (?:d'euros|de dollars|de francs)""",
        "SEV-3": r"""amende | plainte | poursui\w+ | condamnée?s? | tribunal | interdite?s? | fuite de données
            | piratée?s? | pirates? | fraude | escroquerie\w* | arnaque\w* | inventée?s? | invente | hallucin\w+
            | deepfakes? | hypertrucage\w* | faux | fausses? | discrimin\w+ | panne | supprimée?s?""",
        "SEV-4": r"bug | brièvement | embarrass\w+ | excus\w+ | ralenti\w* | retirée?s?",
        "M1": r"conditions d'utilisation | hausse de prix | augmente ses prix | retire | retirée?s? | abandonne",
        "M2": r"hallucin\w+ | inventée?s? | invente | chatbot (?:a dit|a conseillé|a donné) | mauvaises? réponses?",
        "M3": r"après (?:une|la) mise à jour | nouvelle version | moins bien qu'avant",
        "M4": r"panne\w* | indisponible\w* | hors service | interruption de service",
        "M5": r"deepfakes? | hypertrucage\w* | usurp\w+ | voix clonée | escrocs? | désinformation | triche\w*",
        "M6": r"""piratée?s? | pirates? | cyberattaque\w* | injection de prompt | logiciel malveillant
            | fuite de données""",
        "M7": r"déployée?s? | a déployé | sans contrôle humain | décision automatisée | mis en place",
        "M8": r"""plainte | tribunal | juge\w* | condamnée?s? | amende | enquête\w* | cnil | interdite?s? | justice
            | autorité de régulation""",
        "M9": r"autonomes? | sans conducteur | agent (?:ia|d'ia) | de sa propre initiative | robotaxis?",
        "F1": r"mort(?:e|s|es)? | tuée?s? | mortel(?:le)?s? | blessée?s? | accident\w* | collision",
        "F2": r"suicid\w* | automutilation | psychose\w* | santé mentale | troubles? alimentaires?",
        "F3": r"discrimin\w+ | racis\w+ | sexis\w+ | antisémit\w* | biais",
        "F4": r"vie privée | données personnelles | rgpd | surveillance | reconnaissance faciale | cnil",
        "F5": r"faux | fausses? | inventée?s? | désinformation | deepfakes? | hypertrucage\w* | trompeu\w+ | diffam\w+",
        "F6": r"fraude\w* | escroquerie\w* | arnaque\w* | rançon | extor\w+",
        "F7": r"faille\w* | vulnérabilit\w+ | injection de prompt",
        "F8": r"droits? d'auteur | contrefaçon | plagiat | secret des affaires",
        "F9": r"panne\w* | indisponible\w* | hors service",
        "F10": r"responsabilité\w* | transparence | sans (?:leur |son )?consentement | contrôle humain",
        "F11": r"licenci\w+ | suppressions? d'emplois? | emplois? supprimés? | grève",
        "F12": r"émissions? | consommation d'(?:eau|électricité|énergie) | pollu\w+",
    },
    "es": {
        "SEV-1": r"""muri(?:ó|eron) | muert[oa]s? | murió | fallecid[oa]s? | falleci(?:ó|eron) | mortal(?:es)?
            | mat(?:ó|aron|a) | se suicid(?:ó|aron) | se quitó la vida
            | \d+(?:,\d+)? millones de (?:personas|usuarios|clientes|cuentas)""",
        "SEV-2": r"""herid[oa]s? | hospitalizad[oa]s? | intento de suicidio | detenid[oa]s? | arrestad[oa]s?
            | encarcelad[oa]s?
            | desahuci\w+ | perdi(?:ó|eron) (?:su|sus) (?:empleos?|viviendas?|casas?) | pornografía infantil
            | \d+(?:,\d+)? millones de (?:euros|dólares|pesos)""",
        "SEV-3": r"""multa\w* | demanda\w* | denuncia\w* | condenad[oa]s? | tribunal | prohibi\w+ | filtración\w*
            | hacke\w+
            | fraude\w* | estafa\w* | inventad[oa]s? | inventó | inventa | alucin\w+ | deepfakes? | ultrafals\w+
            | fals[oa]s?
            | discrimin\w+ | caída del servicio | borr(?:ó|ado)""",
        "SEV-4": r"fallo leve | brevemente | vergonzos\w+ | se disculp\w+ | ralentiz\w+ | retirad[oa]s?",
        "M1": r"términos de uso | condiciones de uso | subida de precios? | retira | retirad[oa]s? | cancela",
        "M2": r"""alucin\w+ | inventad[oa]s? | inventó | inventa | chatbot (?:dijo|aconsejó|dio)
            | respuestas? (?:falsas?|erróneas?)""",
        "M3": r"tras (?:una|la) actualización | nueva versión | peor que antes",
        "M4": r"caída del servicio | caída de | no disponible | fuera de servicio | interrupción del servicio",
        "M5": r"""deepfakes? | ultrafals\w+ | suplant\w+ | voz clonada | estafadores? | desinformación
            | copiar en el examen""",
        "M6": r"hacke\w+ | ciberataque\w* | inyección de prompts? | malware | filtración de datos",
        "M7": r"implant(?:ó|ado|ada)\w* | desplegad[oa]s? | sin supervisión humana | decisión automatizada",
        "M8": r"""demanda\w* | tribunal\w* | juez\w* | jueza | condenad[oa]s? | multa\w* | investig\w+ | fiscalía
            | prohibi\w+
            | agencia de protección de datos""",
        "M9": r"autónom[oa]s? | sin conductor | agente de ia | por su cuenta | robotaxis?",
        "F1": r"muri(?:ó|eron) | muert[oa]s? | mortal(?:es)? | herid[oa]s? | accidente\w* | choque | atropell\w+",
        "F2": r"suicid\w+ | autolesi\w+ | psicosis | salud mental | trastornos? alimentarios?",
        "F3": r"discrimin\w+ | racis\w+ | sexis\w+ | machis\w+ | antisemit\w+ | sesgo\w*",
        "F4": r"privacidad | datos personales | rgpd | vigilancia | reconocimiento facial",
        "F5": r"fals[oa]s? | inventad[oa]s? | desinformación | deepfakes? | ultrafals\w+ | engaños[oa]s? | difam\w+",
        "F6": r"fraude\w* | estafa\w* | rescate | extors\w+",
        "F7": r"vulnerabilidad\w* | fallo de seguridad | inyección de prompts?",
        "F8": r"derechos? de autor | plagi\w+ | propiedad intelectual | piratería",
        "F9": r"caída del servicio | no disponible | fuera de servicio | interrupción del servicio",
        "F10": r"transparencia | rendición de cuentas | sin (?:su )?consentimiento | supervisión",
        "F11": r"despid\w+ | despedid[oa]s? | recorte de empleo\w* | huelga",
        "F12": r"emisiones | consumo de (?:agua|energía|electricidad) | contamina\w+",
    },
}
