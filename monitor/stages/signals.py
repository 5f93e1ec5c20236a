"""Phrases by which `suggest` guesses a severity or a code; one regular expression for each language, gravest first.

English stands here, German, French and Spanish in `signals_abroad`. A code's phrases count only while the codebook
gives that id the name it has here: a newsroom's own codebook may mean something else by it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from monitor.stages.signals_abroad import ABROAD


@dataclass(frozen=True, slots=True)
class Signal:
    """What some phrases hint at."""

    value: str  # SEV-2, M4
    name: str  # of the code; of a severity, what its level is about
    patterns: Mapping[str, re.Pattern[str]]  # by language

    @property
    def says(self) -> str:
        """The beginning of a reason."""
        return f"{self.value} is for {self.name}:"

    def search(self, text: str, tongue: str | None) -> re.Match[str] | None:
        """The first of its phrases in a text of that language; None where that language is not read."""
        pattern = self.patterns.get(tongue or "")
        return None if pattern is None else pattern.search(text)


def _signal(value: str, name: str, words: str) -> Signal:
    abroad = {tongue: phrases[value] for tongue, phrases in ABROAD.items() if value in phrases}
    return Signal(value, name, {tongue: _any(phrases) for tongue, phrases in {"en": words, **abroad}.items()})


def _any(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{' '.join(words.split())})(?!\w)".replace(" | ", "|"), re.IGNORECASE)


SEVERITIES = (
    _signal(
        "SEV-1",
        "death or lasting injury, or harm to very many",
        r"""died | dies | (?:was|were) killed | kill(?:s|ed|ing) (?:a|an|two|three|four|five|\d+)\b | deaths? of
        | death | fatal(?:ly)? | fatalit(?:y|ies) | (?:took|taken) (?:his|her|their) (?:own )?li(?:fe|ves)
        | died by suicide
        | paralysed | paralyzed
        | \d+(?:\.\d+)? million (?:people|users|patients|customers|accounts|records)
        | [1-9]\d\d,\d{3} (?:people|users|patients|customers|accounts|records|families)""",
    ),
    _signal(
        "SEV-2",
        "injury, loss of liberty, home or job, or damage in the millions",
        r"""injur(?:ed|y|ies) | hospitali[sz]ed
        | (?:put|left|sent|landed|taken|rushed)(?: [a-z]+){0,4} (?:in|into|to) (?:the |a )?hospital
        | emergency room | intensive care
        | overdos(?:e|ed) | poison(?:ed|ing) | collapsed | seizures? | suicide attempt | psychiatric
        | wrongful(?:ly)? arrest(?:ed)? | arrested | jailed | detained | evict(?:ed|ion)
        | (?:lost|losing) (?:his|her|their) (?:jobs?|homes?) | benefits? (?:were )?stopped
        | (?:lost|los(?:s|es|ing)|stole|cost|damages?|defraud\w*|swindl\w*|cheat\w*|scam\w*)(?: [a-z]+){0,4}
        [$€£]?\s?\d+(?:\.\d+)? (?:million|billion)
        | [$€£]?\s?\d+(?:\.\d+)? (?:million|billion)(?: [a-z]+){0,3}
        (?:stolen|lost|loss|losses|damages?|fraud|scam|heist)
        | self-harm | child abuse | csam | nonconsensual""",
    ),
    _signal(
        "SEV-3",
        "real, limited and repairable harm, or a binding act of an authority",
        r"""fined | fines? | sued | lawsuit | ruled | ordered | banned | injunction | leak(?:ed|s)? | exposed
        | breach(?:ed)? | hack(?:ed|ers)? | defraud(?:ed)? | fraud | scam(?:med)? | defam(?:ed|ation)
        | fabricat(?:ed|es|ing) | invent(?:ed|s) | hallucinat(?:ed|es|ion|ions)
        | misidentif(?:ied|ication) | discriminat(?:ed|ion|ory) | deepfakes? | fake | wiped | deleted
        | outage | went down | unavailable | refund | crash(?:ed|es|ing)? | collisions? | collided""",
    ),
    _signal(
        "SEV-4",
        "harm that was avoided or is slight",
        r"""near miss | noticed in time | glitch(?:es)? | briefly | embarrass(?:ed|ing|ment) | apologi[sz]ed
        | rolled back | degraded | elevated errors? | slow(?:er)? | deprecat(?:ed|es|ion)""",
    ),
)
CODES = (
    _signal(
        "M1",
        "Provider action",
        r"""launch(?:es|ed) | withdr(?:aws|ew|awn) | deprecat(?:es|ed) | retires | raises? prices? | new terms
        | terms of (?:use|service) | price (?:rise|increase) | discontinu(?:es|ed) | policy change""",
    ),
    _signal(
        "M2",
        "Model behaviour",
        r"""hallucinat\w+ | fabricat\w+ | invent(?:s|ed|ing) | made[- ]up | chatbot (?:told|gave|said|advised)
        | wrong(?:ly)? (?:answer|answers|advice|dosage) | sycophan\w+ | biased output | misidentif\w+
        | false (?:citation|citations)""",
    ),
    _signal(
        "M3",
        "Drift or regression between versions",
        r"""regress(?:ion|ed) | got worse | worse than before | drift(?:ed)? | after an? update
        | since the (?:update|upgrade) | new version | degraded quality""",
    ),
    _signal(
        "M4",
        "Outage or degraded service",
        r"""outages? | went down | is down | downtime | unavailable | elevated errors?
        | degraded (?:performance|service) | service disruption | disruptions? | error rates?""",
    ),
    _signal(
        "M5",
        "Misuse by a user",
        r"""deepfakes? | impersonat\w+ | voice clon\w+ | cloned voice | scammers? | nudify\w*
        | used (?:chatgpt|ai|it|a chatbot) to | sextort\w+ | propaganda | disinformation campaign
        | cheat(?:ed|ing)""",
    ),
    _signal(
        "M6",
        "Security compromise",
        r"""prompt injection | jailbr\w+ | hacked | hackers? | breach(?:ed)? | stolen (?:weights|keys|data)
        | malware | data poisoning | leaked (?:conversations|chats|keys|data) | backdoor | cyberattack""",
    ),
    _signal(
        "M7",
        "A deployer's decision",
        r"""rolled out | deployed
        | (?:the )?(?:hospital|airline|police|council|agency|school|company|bank|court) (?:used|uses|relied)
        | without human (?:review|oversight) | replaced (?:its )?(?:staff|workers) | automated decision""",
    ),
    _signal(
        "M8",
        "Regulatory or legal action",
        r"""lawsuit | sued | sues | court | judge | ruled | ruling | fined | fines? | regulator | injunction
        | investigat(?:es|ed|ion|ing) | banned | ordered | indict(?:ed|ment) | settlement | watchdog""",
    ),
    _signal(
        "M9",
        "Autonomous action by an agent",
        r"""(?:ai )?agent (?:deleted|wiped|bought|sent|merged|ran|made) | rogue | autonomous(?:ly)? | robotaxi
        | self-driving | driverless | autopilot | on its own | without approval | unattended""",
    ),
    _signal(
        "F1",
        "Physical safety",
        r"""died | killed | death | injur(?:ed|y|ies) | crash(?:ed|es|ing)? | collisions? | collided | killing
        | fatal(?:ly)?
        | hospitali[sz]ed | struck | hospital | emergency room | overdos(?:e|ed) | poison(?:ed|ing) | collapsed""",
    ),
    _signal(
        "F2",
        "Mental health",
        r"""suicid\w+ | self-harm | psychosis | delusion\w* | eating disorder | mental health | distress
        | depress\w+""",
    ),
    _signal(
        "F3",
        "Discrimination",
        r"""discriminat\w+ | racis[mt] | racial(?:ly)? | sexis[mt] | bias(?:ed)? | antisemit\w+
        | disabilit(?:y|ies)""",
    ),
    _signal(
        "F4",
        "Privacy",
        r"""privacy | personal data | gdpr | surveill\w+ | facial recognition
        | exposed (?:chats|conversations|data|records) | medical records | leaked (?:chats|conversations)""",
    ),
    _signal(
        "F5",
        "False or misleading content",
        r"""hallucinat\w+ | fabricat\w+ | invent(?:s|ed) | fake | false(?:ly)? | misleading | misinformation
        | disinformation | deepfakes? | defam\w+ | made[- ]up | nonexistent""",
    ),
    _signal(
        "F6",
        "Fraud or financial loss",
        r"""fraud\w* | scam\w* | defraud\w* | refund | lost (?:[$€£]\s?)?\d | stole (?:[$€£]\s?)?\d | ransom
        | extort\w*""",
    ),
    _signal(
        "F7",
        "Security weakness",
        r"""vulnerab\w+ | exploit\w* | prompt injection | jailbr\w+ | cve | backdoor
        | security (?:flaw|hole|weakness)""",
    ),
    _signal(
        "F8",
        "Intellectual property",
        r"""copyright\w* | infring\w+ | plagiari\w+ | trade secrets? | piracy | pirated | licen[cs]e violation
        | likeness""",
    ),
    _signal(
        "F9",
        "Availability and dependence",
        r"""outages? | went down | downtime | unavailable | could not (?:work|reach|log in) | fell back
        | relied on | service disruption | elevated errors?""",
    ),
    _signal(
        "F10",
        "Governance and accountability",
        r"""oversight | accountab\w+ | disclos\w+ | complian\w+ | without (?:telling|consent|notice)
        | failed to (?:report|disclose|act) | transparen\w+ | redress | sanction(?:s|ed)""",
    ),
    _signal(
        "F11",
        "Work and livelihoods",
        r"""laid off | layoffs? | redundan\w+ | lost (?:his|her|their) jobs? | strik(?:e|es|ing) workers
        | livelihoods? | dismissed | freelancers?""",
    ),
    _signal(
        "F12",
        "Environment",
        r"""emissions? | water use | electricity (?:use|demand) | turbines? | pollut\w+
        | data cent(?:er|re)s? (?:power|water|energy) | carbon""",
    ),
)
