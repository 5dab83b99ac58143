"""The form to follow as HTML for other sites: plain, and it works from there."""

import re
from html import unescape

import pytest
from django.test import Client

from campaigns.mail import links
from crm.models import Follow
from tests import world as worlds
from tests.world import World

PAGE = "/network/alliances/bioxclusters-plus/follow-form/"


@pytest.fixture
def world(installation: None) -> World:
    return worlds.build()


def test_what_is_pasted_into_another_site_is_shown_once_more_here(
    world: World, as_coordinator: Client
) -> None:
    asked = {"language": "fr", "topics": str(world.topic.pk)}
    page = as_coordinator.get(PAGE, asked).content.decode()
    found = re.search(r'<pre class="mail" tabindex="0">(.*?)</pre>', page, re.DOTALL)
    assert found
    code = unescape(found[1])
    assert code in page
    assert not re.search(r"<script|style=|<link|http-equiv|\son\w+=", code)
    action = re.search(r'action="(http[^"]+)"', code)
    assert action
    said = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)"', code))
    assert said == {"topics": str(world.topic.pk), "language": "fr"}

    answer = Client(enforce_csrf_checks=True).post(
        action[1].removeprefix(links.absolute("")),
        said | {"email": "ada@home.example"},
        headers={"origin": "https://other.example"},
    )
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'lang="fr"' in text
    assert 'value="ada@home.example"' in text
    assert not answer.cookies
    assert not Follow.objects.exists()


def test_it_offers_what_is_public_alone(world: World, as_coordinator: Client) -> None:
    assert "type=&quot;hidden&quot;" in as_coordinator.get(PAGE).content.decode()
    world.topic.public = False
    world.topic.save()
    assert "No topic of this alliance" in as_coordinator.get(PAGE).content.decode()
