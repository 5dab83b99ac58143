"""Pressing what a page offers: its form with all that stands in it."""

import re
from typing import Any

from django.test import Client


def press(client: Client, page: str, action: str) -> Any:
    """Open a page and send the form that leads to `action`, hidden fields and all."""
    source = client.get(page).content.decode()
    (form,) = re.findall(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', source, re.S)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    return client.post(action, fields)
