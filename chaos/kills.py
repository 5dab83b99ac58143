"""Fault 1: `kill -9`, again and again, while a campaign is being sent."""

import random
import time

from django.conf import settings

from campaigns.models import Campaign
from chaos import victims
from chaos.stage import Scene, Stage
from chaos.verdict import Verdict, judge
from chaos.victims import Victims

EVERY = 0.7  # seconds between kills, at least
WITHIN = 600.0  # seconds for the whole run
A_MAIN_EVERY = 20  # kills
ANYBODY_EVERY = 4  # kills; the others aim at a process that sends


def run(stage: Stage, name: str, recipients: int, kills: int, **chosen: int) -> Verdict:
    with stage.scene(name, recipients, **chosen) as scene:
        # Slow enough that the kills are over before the mails are.
        scene.sink.pace = recipients / (kills * EVERY * 1.25)
        hunt = Hunt(scene, recipients, kills)
        hunt.go()
        scene.sink.pace = None
        scene.until(lambda: ended(scene.campaign), WITHIN - scene.seconds)
        verdict = judge(name, scene, within=WITHIN)
        window = chosen.get("SENDING_WINDOW", settings.SENDING_WINDOW)
        verdict.more = {
            "kills": hunt.kills,
            "main_kills": hunt.main_kills,
            "armed_kills": hunt.armed_kills,
            "bound": hunt.bound,
            "window": window,
            "lines": chosen.get("SENDING_LINES", settings.SENDING_LINES),
            "batch": settings.SENDING_BATCH,
            "lease": settings.SENDING_LEASE,
        }
        verdict.demand(hunt.kills == kills, f"only {hunt.kills} of {kills} kills before the end")
        verdict.demand(
            verdict.undecided <= hunt.bound,
            f"{verdict.undecided} undecided, though only {hunt.bound} rows were armed",
        )
        if window == 1:
            verdict.demand(verdict.undecided <= kills, "more undecided than kills at window 1")
        return verdict


def ended(campaign: Campaign) -> bool:
    campaign.refresh_from_db(fields=["status"])
    return campaign.status in (Campaign.Status.FINISHED, Campaign.Status.PAUSED)


class Hunt:
    """Kills one victim after the other and keeps count of what they had on the line."""

    def __init__(self, scene: Scene, recipients: int, wanted: int) -> None:
        self.scene = scene
        self.wanted = wanted
        self.left = recipients
        self.kills = self.main_kills = self.armed_kills = self.bound = 0
        self._chance = random.Random(self.wanted)  # noqa: S311  the same order every time

    def go(self) -> None:
        accepted, due = 0, 0.0
        while self.kills < self.wanted and self.scene.seconds < WITHIN:
            if ended(self.scene.campaign):
                return
            if self.scene.sink.accepted > accepted and time.monotonic() >= due:
                accepted = self.scene.sink.accepted
                due = time.monotonic() + EVERY
                self._kill()
            self.scene.tend()

    def _kill(self) -> None:
        main = self._chance.choice([main for main in self.scene.mains if main.running])
        if (self.kills + 1) % A_MAIN_EVERY == 0:
            doomed = Victims([main.pid, *victims.pool(main)])
            armed = self._strike(main.pid, doomed)
            self.main_kills += 1
        else:
            victim = self._choose()
            if victim is None:
                return
            armed = self._strike(victim, Victims([victim]))
        self.kills += 1
        self.armed_kills += armed > 0
        self.bound += armed

    def _choose(self) -> int | None:
        pools = [pid for main in self.scene.mains for pid in victims.pool(main)]
        aimed = self.kills % ANYBODY_EVERY and victims.sending(pools)
        return self._chance.choice(aimed or pools) if pools else None

    def _strike(self, pid: int, doomed: Victims) -> int:
        victims.kill(pid)
        self.scene.until(lambda: doomed.gone, 10)
        return doomed.armed()
