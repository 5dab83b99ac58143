"""Fault 1: `kill -9`, again and again, while a campaign is being sent."""

import random
import time

from django.conf import settings

from campaigns.models import Campaign
from chaos import victims
from chaos.stage import Scene, Stage, children
from chaos.verdict import Verdict, ended, judge
from chaos.victims import Victims

WITHIN = 600.0  # seconds for the whole run
# Kills are spread evenly over the mails; a machine that is too slow for that kills on all the same.
USUAL, AT_LEAST, AT_MOST = 0.8, 0.4, 1.4  # seconds between two kills
A_MAIN_EVERY = 20  # kills
ANYBODY_EVERY = 4  # kills; the others aim at a process that sends


def run(stage: Stage, name: str, recipients: int, kills: int, **chosen: int) -> Verdict:
    with stage.scene(name, **chosen) as scene:
        # Slow enough that the kills are over before the mails are.
        scene.sink.pace = recipients / (kills * USUAL * 1.2)
        campaign = scene.announce(recipients)
        hunt = Hunt(scene, campaign, recipients, kills)
        hunt.go()
        hunted = scene.seconds
        scene.sink.pace = None
        scene.until(lambda: ended(campaign), WITHIN - hunted, 0.2)
        verdict = judge(name, scene, campaign, within=WITHIN)
        window = chosen.get("SENDING_WINDOW", settings.SENDING_WINDOW)
        verdict.more = {
            "kills": hunt.kills,
            "main_kills": hunt.main_kills,
            "armed_kills": hunt.armed_kills,
            "kills_seconds": round(hunted, 1),
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


class Hunt:
    """Kills one victim after the other and keeps count of what they had on the line."""

    def __init__(self, scene: Scene, campaign: Campaign, recipients: int, wanted: int) -> None:
        self.scene = scene
        self.campaign = campaign
        self.wanted = wanted
        self.kills = self.main_kills = self.armed_kills = self.bound = 0
        self._recipients = recipients
        self._share = 0.9 * recipients / wanted
        self._chance = random.Random(wanted)  # noqa: S311  the same order every time

    def go(self) -> None:
        accepted, last = 0, 0.0
        while self.kills < self.wanted and self.scene.seconds < WITHIN:
            since = time.monotonic() - last
            fair = self.scene.sink.accepted >= self.kills * self._share and since > AT_LEAST
            if self.scene.sink.accepted > accepted and (fair or since > AT_MOST):
                if ended(self.campaign):
                    return
                accepted, last = self.scene.sink.accepted, time.monotonic()
                self._kill()
            self.scene.tend()

    def _kill(self) -> None:
        if (self.kills + 1) % A_MAIN_EVERY == 0:
            main = self._chance.choice([main for main in self.scene.mains if main.running])
            doomed, victim = [main.pid, *children(main)], main.pid
            self.main_kills += 1
        elif pools := self._pools():
            victim = self._chance.choice(pools)
            doomed = [victim]
        else:  # all were just killed
            return
        known = Victims(doomed)
        victims.kill(victim)
        # The supervisor ends the pool of a main process that died, as systemd would.
        self.scene.until(lambda: known.gone, 10, 0.01)
        armed = known.armed()
        self.kills += 1
        self.armed_kills += armed > 0
        self.bound += armed

    def _pools(self) -> list[int]:
        """A process that sends, three times of four; where that would use up the mails, anybody."""
        everybody = self.scene.pools
        average = self.bound / max(1, self.armed_kills)
        lasts = self.bound + (self.wanted - self.kills) * average < self._recipients / 2
        aimed = self.kills % ANYBODY_EVERY and lasts
        return (aimed and victims.sending(everybody)) or everybody
