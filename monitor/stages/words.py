"""The words by which `score` guesses what an article is about: harm, or obviously something else.

A list is one string, words parted by commas: `word` matches that word alone, `stem*` every word that begins so, two
words match the two in a row (no star). English first; basics of German, French, Spanish, Italian, Portuguese and
Dutch; Chinese and Japanese are `unspaced`, looked for anywhere. Compared after NFKC and case folding, whole words only,
so that "skilled" is not "killed". To add a language, add its words to each topic, and a line to the test.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What some words hint at."""

    name: str
    weight: float  # of the cue, where a title names it
    words: frozenset[str]  # whole, case folded; one word or two
    stems: tuple[str, ...]  # beginnings, case folded
    unspaced: tuple[str, ...]  # of scripts that do not part words


def _topic(name: str, weight: float, words: str, unspaced: str = "") -> Topic:
    listed = [w.strip().casefold() for w in words.replace("\n", " ").split(",") if w.strip()]
    return Topic(
        name=name,
        weight=weight,
        words=frozenset(w for w in listed if not w.endswith("*")),
        stems=tuple(w[:-1] for w in listed if w.endswith("*")),
        unspaced=tuple(w.strip() for w in unspaced.split(",") if w.strip()),
    )


HARMS = (
    _topic(
        "words of death or injury",
        16.0,
        """died, dies, dead, death*, deadly, kill, kills, killed, killing*, fatal*, suicid*, self harm, injur*,
        wounded, hospitali*, crash, crashes, crashed, collision*, ran over, tote, toten, getötet,
        tödlich*, tod, gestorben, stirbt, selbstmord*, suizid*, verletzt*, unfall*, mort, morte, morts,
        mortes, mortel*, tué*, décès, blessé*, accident, accidents, accidente*, muerte*, muert*, mató,
        muere, mueren, meurt, meurent, suicidio*, herid*, morto, morti, ucciso*, ferit*, ferido*, doden,
        dode, overleden, gewond*, zelfmoord*""",
        "死亡, 自杀, 自殺, 受伤, 負傷, 事故, 死傷",
    ),
    _topic(
        "words of abuse or distress",
        12.0,
        """deepfake*, nonconsensual, non consensual, csam, child abuse, sexualized, sexualised, nudify*, sextort*,
        stalk*, harass*, groom*, psychosis, delusion*, eating disorder, minors, teen*, child, children,
        missbrauch*, belästig*, kinder, harcèlement, abus, enfants, mineurs, acoso*, abuso*, menores,
        molesti*, minori, assédio, misbruik*, kinderen""",
        "深伪, 未成年, 虐待, ディープフェイク, 児童",
    ),
    _topic(
        "words of a legal matter",
        8.0,
        """lawsuit*, sue, sues, sued, suing, class action, court, judge rules, judge orders, jury, settle*, fined,
        fines, penalty, probe, probes, investigat*, inquiry, subpoena*, injunction, indict*, charged,
        arrest*, banned, bans, complaint*, safety recall, product recall, recalls, recalled, violat*,
        unlawful*, illegal*, klage*, klagt, verklagt, gericht*, bußgeld*, ermittl*, verbot*, untersuch*,
        plainte*, procès, tribunal*, amende*, enquête*, justice, demanda*, juez*, multa*, investiga*,
        denuncia*, causa legale, indagin*, indaga*, sanzion*, garante, processo, rechtszaak*, boete*,
        onderzoek*""",
        "诉讼, 起诉, 罚款, 調査, 调查, 訴訟, 提訴, 罰金",
    ),
    _topic(
        "words of a leak or attack",
        10.0,
        """breach*, leak*, hack, hacks, hacked, hacker*, hacking, exploit*, vulnerab*, cyberattack*, malware,
        ransomware, phish*, jailbreak*, prompt injection, exposed, exposes, stolen, steal*, spyware,
        backdoor*, cve, datenleck*, datenpanne*, gehackt*, sicherheitslück*, fuite, piraté*, piratage,
        faille*, filtración*, filtra*, hackeo*, vulnerabil*, brecha*, violazione, vazamento*, vazou,
        datalek*, gehackt, lek""",
        "泄露, 漏洞, 攻击, 漏えい, 脆弱性, 流出",
    ),
    _topic(
        "words of fraud or falsehood",
        8.0,
        """fraud*, scam, scams, scammed, scammer*, impersonat*, fabricat*, hallucinat*, fake, fakes, faked, defam*,
        libel*, misinform*, disinform*, misleading, misled, bogus, nonexistent, non existent, betrug*,
        betrüg*, gefälscht*, erfunden*, verleumd*, falschinformation*, arnaque*, escroquerie*, inventé*,
        diffam*, faux, estafa*, fraude*, falso*, falsa*, bulo*, truffa*, inventat*, golpe*, oplichting*,
        nepnieuws, verzonnen""",
        "诈骗, 虚假, 誹謗, 詐欺, 偽情報, 幻觉",
    ),
    _topic(
        "words of discrimination or surveillance",
        8.0,
        """discriminat*, racis*, racial, sexis*, antisemit*, bias, biased, wrongful*, wrongly, misidentif*, facial
        recognition, surveill*, denied, diskriminier*, rassis*, gesichtserkennung*, überwach*, discrimin*,
        reconnaissance faciale, raciste*, reconocimiento facial, vigilancia*, riconoscimento facciale,
        razzis*, reconhecimento facial, gezichtsherkenning*""",
        "歧视, 差別, 人脸识别, 顔認識, 监控",
    ),
    _topic(
        "words of an outage or regression",
        6.0,
        """outage*, downtime, is down, goes down, went down, unavailable, disruption*, degraded, elevated errors,
        elevated error, error rate, error rates, incident, incidents, malfunction*, glitch*, fail*,
        regression*, drift*, worse, degradation, ausfall*, ausgefallen, störung*, panne, pannes, en panne,
        interrupción*, caída, caído*, interruzion*, guasto*, interrupção, storing*""",
        "故障, 宕机, 障害, 中断",
    ),
    _topic(
        "words of an agent out of hand",
        8.0,
        """rogue, deleted, wiped, unauthorized, unauthorised, autonomous*, went wrong, goes wrong, unintended,
        gelöscht*, eigenmächtig*, supprimé*, borró, cancellat*, apagou, gewist""",
        "误删, 失控, 暴走, 削除",
    ),
)

NOISE = (
    _topic(
        "looks like money news",
        -12.0,
        """raises, raised, funding, series a, series b, series c, series d, series e, valuation*, ipo, invests,
        investment*, investor*, acquires, acquisition*, acquire, earnings, revenue*, stock, stocks,
        shares, unicorn, finanzierungsrunde*, bewertung, übernimmt, börsengang*, aktie*, levée, lève,
        valorisation, financiación, ronda, inversión*, acciones, finanziamento*, investimento*, azioni,
        rodada, financiering""",
        "融资, 估值, 資金調達, 上市",
    ),
    _topic(
        "looks like a launch",
        -10.0,
        """launches, launch, launched, launching, unveil*, introduces, introducing, announces, announcing, rolls out,
        rolling out, debuts, partnership, partners, partners with, teams up, now available, general
        availability, release notes, new model, stellt vor, vorgestellt, startet, präsentiert, lance,
        dévoile*, présente, lanza, presenta*, anuncia*, lancia, annuncia, lança, lanceert""",
        "发布, 推出, 発表, 提供開始",
    ),
    _topic(
        "looks like opinion or advice",
        -10.0,
        """opinion, op ed, editorial, column, essay, podcast, newsletter, interview*, review, reviews, explainer,
        explained, how to, what is, why we, tips, best ai, top 10, top 5, guide, tutorial, webinar,
        conference, meinung, kommentar, kolumne, ratgeber, tribune, chronique, opinión, columna, opinione,
        intervista, opinião, entrevista, opinie""",
        "观点, 评论, 解説, インタビュー",
    ),
    _topic(
        "looks like hiring or prizes",
        -8.0,
        """hires, hiring, appoints, appointed, joins, award*, wins, hackathon*, scholarship*, fellowship*, stellt
        ein, ernennt, nomme, nombra, nomina, premio*, prix, benennt""",
        "任命, 获奖, 受賞",
    ),
)
