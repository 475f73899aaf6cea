"""Proofs as sentences: outcome, rule, condition, answer, provision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from raicheck.assess import Assessment
from raicheck.explain import Proof, reasons
from raicheck.model import Question, Subset, Test
from raicheck.provisions import Provision
from raicheck.report.view import Cite, Step
from raicheck.report.words import cites_of, cut, listed, lower_first, upper_first, with_article
from raicheck.words import answer_words, lead_of

_LONG = 240


@dataclass(frozen=True, slots=True)
class Sentences:
    """Says proofs of one assessment."""

    assessment: Assessment
    provisions: Mapping[str, Provision]

    def of(self, *proofs: Proof) -> tuple[Step, ...]:
        """One step per proof that says something of its own; failed exceptions with one reason are said together."""
        made: list[Step] = []
        failed: dict[tuple[Step, ...], list[Proof]] = {}
        for proof in map(_joined, proofs):
            if self._is_silent(proof):
                made += self.of(*proof.parts)
            elif proof.kind == "exception" and proof.value is False:
                failed.setdefault(self._leaves(proof), []).append(proof)
            else:
                made.append(self._step(proof))
        made += [self._failed(group, why) for why, group in failed.items()]
        return tuple(dict.fromkeys(made))

    def cites(self, ids: Iterable[str]) -> tuple[Cite, ...]:
        """Citations as a reader of law writes them."""
        return cites_of(ids, self.provisions)

    def in_short(self, proof: Proof, most: int = 2) -> str:
        """The reasons at the ends of a proof in one line, options without their details."""
        said = list(dict.fromkeys(self._leaf(r, brief=True).rstrip(".") for r in reasons(proof)))[:most]
        return "; ".join(cut(s, _LONG) for s in said) + "." if said else "A condition of it is not met."

    def _is_silent(self, proof: Proof) -> bool:
        """Whether a node only groups its parts (a condition that only raicheck names, say)."""
        if proof.kind in ("all", "not"):
            return True
        if proof.kind == "any":
            return proof.value is True or len(proof.parts) < 2
        return proof.kind == "definition" and not proof.cites

    def _leaves(self, proof: Proof) -> tuple[Step, ...]:
        return tuple(dict.fromkeys(Step(self._leaf(r)) for r in reasons(proof)))

    def _failed(self, proofs: list[Proof], why: tuple[Step, ...]) -> Step:
        names = [f"“{p.text.removeprefix('exception: ')}”" for p in proofs]
        cites = dict.fromkeys(c for p in proofs for c in self.cites(p.cites))
        noun = "The exceptions" if len(names) > 1 else "The exception"
        verb = "do not apply" if len(names) > 1 else "does not apply"
        return Step(f"{noun} {listed(names)} {verb}:", tuple(cites), why)

    def _step(self, proof: Proof) -> Step:
        cites, inner = self.cites(proof.cites), self.of(*proof.parts)
        text = self._leaf(proof) if proof.kind in ("fact", "judgement") else self._node(proof, cites)
        if proof.kind in ("definition", "label"):
            return Step(text, (), inner)
        return Step(text if inner else text.rstrip(":") + ("" if text.endswith(".") else "."), cites, inner)

    def _node(self, proof: Proof, cites: tuple[Cite, ...]) -> str:
        name = f"“{proof.text.removeprefix('exception: ')}”"
        match proof.kind:
            case "role":
                role = with_article(lower_first(proof.text.removeprefix("role: ")))
                return _said(proof, "the organisation", "is", role)
            case "definition":
                return _said(proof, f"the condition of {listed(c.text for c in cites)}", "is", "met")
            case "scope":
                return _said(proof, proof.text.removesuffix(" applies"), "applies")
            case "exception":
                return _said(proof, f"the exception {name}", "applies")
            case "any":
                return "None of the following holds:" if proof.value is False else "It depends on the following:"
            case _:
                return _said(proof, name, "holds")

    # the ends

    def _leaf(self, proof: Proof, brief: bool = False) -> str:
        return self._fact(proof, brief) if proof.kind == "fact" else _judgement(proof)

    def _fact(self, proof: Proof, brief: bool) -> str:
        asked = f"“{proof.text}”"
        match proof.answer:
            case "not answered":
                return f"{asked} has not been answered."
            case "not sure":
                return f"{asked} was answered with “not sure”."
            case "does not arise":
                return f"The question {asked} does not arise:"
            case "depends on":
                return f"Whether the question {asked} arises is open:"
            case answer:
                return f"{asked} – {self._tested(proof, answer, brief).rstrip('.')}."

    def _tested(self, proof: Proof, answer: str, brief: bool) -> str:
        """What of a long answer matters here."""
        question = self.assessment.program.rulesets.bank.questions[proof.fact]
        known = self.assessment.state.known.get(proof.fact)
        given = self.assessment.spec.answers.get(proof.fact)
        test = proof.test
        if brief and given is not None:
            answer = answer_words(question, given, brief=True)
        if test is None or test.op != "is" or not isinstance(known, Subset) or not known.has or proof.value is None:
            return answer
        if proof.value:
            return "; ".join(_texts(question, known.has & test.values, brief))
        return _lacking(question, test, answer, brief)


def _joined(proof: Proof) -> Proof:
    """A condition that is only another condition, as one with the provisions of both."""
    inner = proof.parts[0] if len(proof.parts) == 1 else None
    while proof.kind == "definition" and inner is not None and inner.kind == "definition":
        cites = tuple(dict.fromkeys((*proof.cites, *inner.cites)))
        proof = Proof("definition", inner.text, inner.value, cites=cites, parts=inner.parts)
        inner = proof.parts[0] if len(proof.parts) == 1 else None
    return proof


def _lacking(question: Question, test: Test, answer: str, brief: bool) -> str:
    missing = _texts(question, test.values, brief)
    said = listed((f"“{m}”" for m in missing), "or")
    return f"the answer does not include {said}" if len(said) < len(answer) or len(said) < _LONG else cut(answer, _LONG)


def _texts(question: Question, ids: Iterable[str], brief: bool) -> list[str]:
    wanted = frozenset(ids)
    return [lead_of(o.text) if brief else o.text for o in question.options if o.id in wanted]


def _said(proof: Proof, subject: str, verb: str, rest: str = "") -> str:
    """A claim said as holding, not holding or open."""
    if proof.value is None:
        return " ".join(filter(None, ("Whether", subject, verb, rest, "is open:")))
    if not proof.value:
        verb = "is not" if verb == "is" else f"does not {verb.removesuffix('s') if verb != 'applies' else 'apply'}"
    return upper_first(" ".join(filter(None, (subject, verb, rest)))) + ":"


def once(steps: Iterable[Step], seen: set[Step]) -> tuple[Step, ...]:
    """The steps, with a proof that was given before (`seen` grows) only named."""
    made = []
    for step in steps:
        if step in seen and (any(p.parts for p in step.parts) or sum(len(p.text) for p in step.parts) > 150):
            made.append(Step(f"{step.text.removesuffix(':')}, as shown above.", step.cites))
            continue
        seen.add(step)
        made.append(Step(step.text, step.cites, once(step.parts, seen)))
    return tuple(made)


def _judgement(proof: Proof) -> str:
    asked = f"“{proof.text}”"
    if proof.answer == "needs counsel":
        return f"{asked} is a judgement that counsel has to make; the facts point to it."
    if proof.answer:
        return f"{asked} was {proof.answer}."
    if proof.value is None:
        return f"Whether counsel has to judge {asked} is open:"
    return f"{asked} is settled by the facts as {'yes' if proof.value else 'no'}:"
