"""What a simulated task is meant to do, and what may come of it."""

from dataclasses import dataclass, field
from random import Random

from payproof.model.session import Session
from payproof.model.task import TaskStatus

SCRIPTS = ("x", "x", "ask", "ask.ask", "wait", "wait.ask", "ask.wait", "refuse", "ask.refuse")


@dataclass
class Plan:
    script: str
    says: list[str] = field(default_factory=list)
    """The person's answers in order; after the last one, silence."""

    @classmethod
    def draw(cls, rng: Random) -> "Plan":
        script = rng.choice(SCRIPTS)
        says = [rng.choices(("yes", "no"), (9, 1))[0] for word in script.split(".") if word == "ask"]
        if says and rng.random() < 0.1:
            says.pop()
        return cls(script, says)

    @property
    def ending(self) -> TaskStatus:
        """If nothing is given up and nothing is late."""
        answers = iter(self.says)
        for word in self.script.split("."):
            if word == "refuse":
                return TaskStatus.LOGIN_ERROR
            if word == "ask" and next(answers, None) != "yes":
                return TaskStatus.MFA_ERROR
        return TaskStatus.DONE


@dataclass
class Story:
    """A plan that was begun."""

    plan: Plan
    session: Session
    task_id: str
    said: int = 0
    claims: int = 0
    """Since the last outcome that was committed."""
    is_given_up: bool = False
    """Its fifth claim passed without outcome."""
    is_refresh: bool = False
    is_deleted: bool = False
    """Its link was."""
