"""What crm's pages show of campaigns."""

from django import template

register = template.Library()


@register.simple_tag
def campaigns_waiting(user: object) -> str:
    return ""


@register.simple_tag
def campaigns_recent(user: object) -> str:
    return ""


@register.simple_tag
def campaigns_of_mission(mission: object) -> str:
    return ""


@register.simple_tag
def campaigns_of_event(event: object) -> str:
    return ""


@register.simple_tag
def mails_of_person(person: object) -> str:
    return ""
