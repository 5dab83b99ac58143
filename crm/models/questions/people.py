"""What can be asked of people, in lists and by audiences.

Whatever is asked of their organisation is an uncorrelated `id IN (SELECT …)`: measured at 100,000
people, a correlated EXISTS with a join cost 1.3 s and the IN form 0.2 s.
"""

from dataclasses import replace

from django.db.models import Q, QuerySet, Subquery
from django.db.models.fields.tuple_lookups import Tuple, TupleIn
from django.utils.translation import gettext_lazy as _

from crm.models.answers import Answer
from crm.models.consent import Subscription
from crm.models.imports import ImportRow
from crm.models.notes import Note
from crm.models.organisations import Membership, Organisation, OrganisationField
from crm.models.people import Person, PersonAddress, Position
from crm.models.questions.answers import answer_was, answered, interested_before
from crm.models.questions.custom import KINDS, answer
from crm.models.questions.obstacles import hindered
from crm.models.questions.organisations import ORGANISATIONS, named, says, tagged
from crm.models.questions.question import (
    Asker,
    Condition,
    Question,
    any_of,
    column,
    day,
    number,
    reference,
)
from crm.models.questions.vocabulary import Vocabulary
from crm.rules.names import fold


def _posts(**conditions: object) -> Q:
    posts = Position.objects.current().filter(**conditions)
    return Q(pk__in=posts.values("person_id"))


def _posts_of_many(asker: Asker, **conditions: object) -> Q:
    """The same where thousands of organisations may be meant: only posts of whom one may see.

    Theirs stand together in an index; 25,000 of 100,000 took 10 ms instead of 34. Where few are
    meant it would be slower.
    """
    if not asker.everything:
        conditions["cluster_id__in"] = asker.reads
    return _posts(**conditions)


def membership(field: str) -> Condition:
    """People with a current post at an organisation that their own cluster keeps like this."""

    def condition(operator: str, values: list[str], asker: Asker) -> Q:
        said = {f"{field}__isnull": True} if operator == "empty" else {f"{field}__in": values}
        if len(asker.clusters) == 1 and not asker.everything:  # whose people alone are asked
            kept = Membership.objects.filter(cluster_id__in=asker.clusters, **said)
            return _posts(organisation_id__in=kept.values("organisation_id"))
        return _posts_kept(
            Position.objects.current().filter(
                **{f"organisation__memberships__{lookup}": value for lookup, value in said.items()}
            )
        )

    return condition


def _posts_kept(posts: QuerySet[Position]) -> Q:
    """People with one of these posts whose own cluster keeps the membership.

    The cluster is compared as half of a pair: a join with each post's person took five times as
    long.
    """
    pairs = posts.values("person_id", "organisation__memberships__cluster_id")
    return Q(TupleIn(Tuple("pk", "cluster_id"), Subquery(pairs)))


def at_kept(inner: Condition) -> Condition:
    """People with a current post at an organisation of which their own cluster says this.

    What another cluster keeps of the same organisation says nothing of them.
    """

    def condition(operator: str, values: list[str], asker: Asker) -> Q:
        kept = Membership.objects.filter(
            asker.own(), inner(operator, values, asker), archived_at=None
        )
        return _posts_kept(
            Position.objects.current().filter(
                organisation__memberships__in=kept.order_by().values("pk")
            )
        )

    return condition


def at_organisation(inner: Condition) -> Condition:
    """People with a current post at an organisation of which this is true."""

    def condition(operator: str, values: list[str], asker: Asker) -> Q:
        found = Organisation.objects.filter(inner(operator, values, asker)).order_by()
        return _posts_of_many(asker, organisation_id__in=found.values("pk"))

    return condition


def coded(vocabulary: str) -> Condition:
    def condition(operator: str, values: list[str], _asker: Asker) -> Q:
        rows = OrganisationField.objects.filter(vocabulary=vocabulary)
        if operator == "empty":
            return ~_posts(organisation_id__in=rows.values("organisation_id"))
        found = rows.filter(code__in=values)
        return _posts(organisation_id__in=found.values("organisation_id"))

    return condition


def job(operator: str, values: list[str], _asker: Asker) -> Q:
    if operator == "empty":
        return ~Q(pk__in=Position.objects.current().exclude(job="").values("person_id"))
    lookup = "icontains" if operator == "contains" else "iexact"
    return any_of([_posts(**{f"job__{lookup}": value}) for value in values])


def post_at(operator: str, values: list[str], asker: Asker) -> Q:
    if operator == "empty":
        return ~Q(pk__in=Position.objects.current().values("person_id"))
    return at_organisation(named)(operator, values, asker)


def topic(operator: str, values: list[str], _asker: Asker) -> Q:
    active = Subscription.objects.filter(state=Subscription.State.ACTIVE)
    if operator == "empty":
        return ~Q(pk__in=active.values("person_id"))
    return Q(pk__in=active.filter(topic__slug__in=values).values("person_id"))


def address(operator: str, values: list[str], _asker: Asker) -> Q:
    """By what the primary mailbox's address begins with, or by its domain."""
    uses = PersonAddress.objects.filter(is_primary=True, address__key__isnull=False)
    if operator == "empty":
        return ~Q(pk__in=uses.values("person_id"))
    return any_of(
        [Q(pk__in=held.values("person_id")) for value in values for held in held_by(value)]
    )


def held_by(text: str) -> list[QuerySet[PersonAddress]]:
    """Uses of mailboxes whose address begins so, and of those under that domain.

    Apart, for each has an index of its own: asked for by OR, all mailboxes are read.
    """
    typed = text.strip().casefold()
    if typed.startswith("@"):
        return [PersonAddress.objects.filter(address__domain__startswith=typed[1:])]
    found = [PersonAddress.objects.filter(address__key__startswith=typed)]
    if "." in typed and "@" not in typed and " " not in typed:
        found.append(PersonAddress.objects.filter(address__domain=typed))
    return found


def brought(operator: str, values: list[str], _asker: Asker) -> Q:
    """People whom a list brought into the address book, by the import's id."""
    rows = ImportRow.objects.filter(made__contains="p", person__isnull=False)
    if operator == "empty":
        return ~Q(pk__in=rows.values("person"))
    ids = [int(value) for value in values if value.isdecimal() and len(value) < 18]
    return Q(pk__in=rows.filter(of_import_id__in=ids).values("person"))


def noted(operator: str, values: list[str], asker: Asker) -> Q:
    """People of whom their cluster wrote something down, or just this."""
    notes = Note.objects.filter(asker.own(), person__isnull=False).order_by()
    if operator == "empty":
        return ~Q(pk__in=notes.values("person_id"))
    return Q(pk__in=notes.filter(says(operator, values)).values("person_id"))


# Whether somebody can be mailed is looked up for each. Of how many notes hold a word PostgreSQL has
# no idea: joined to the head of a list they took it 3 s.
BY_ROW = {"mailable", "note"}
# Asked of the rows themselves or found by an index of their own; everything else joins tables.
CHEAP = {
    "name", "language", "kind", "cluster", "title", "phone", "tag", "owner", "paused", "created",
}  # fmt: skip

PEOPLE: dict[str, Question] = {
    question.name: replace(
        question, costly=question.name not in CHEAP, by_row=question.name in BY_ROW
    )
    for question in (
        Question(
            "name", _("Name"), "text", column("name_folded", fold=fold), sort=("name_folded",)
        ),
        Question("organisation", _("Organisation"), "text", post_at),
        Question("job", _("Job"), "text", job),
        Question(
            "language", _("Language"), "choice", column("language"),
            sort=("language",), facet="language",
        ),
        Question(
            "mailable", _("Mails"), "choice", hindered,
            [("yes", _("mailable")), ("no", _("not mailable"))],
        ),
        Question(
            "kind", _("Kind"), "choice", column("kind"), Person.Kind.choices, own=True,
            sort=("kind",), facet="kind",
        ),
        Question(
            "cluster", _("Kept by"), "choice", reference("cluster", "slug"),
            sort=("cluster__name",), facet="cluster_id",
        ),
        Question("email", _("Address"), "text", address, own=True),
        Question("phone", _("Phone"), "text", column("phone"), own=True, sort=("phone",)),
        Question("title", _("Title"), "text", column("title"), sort=("title",)),
        Question("tag", _("Tags"), "choice", tagged, own=True),
        Question("owner", _("Looked after by"), "choice", reference("owner", "pk"), own=True,
                 sort=("owner__name",)),
        Question("paused", _("Paused until"), "day", day("paused_until"), own=True,
                 sort=("paused_until",)),
        Question("created", _("Added on"), "day", day("created_at__date"), own=True,
                 sort=("created_at",)),
        Question("import", _("Added by import"), "choice", brought, own=True,
                 shown=False),
        Question("note", _("Notes"), "text", noted, own=True, shown=False),
        Question("topic", _("Topic"), "choice", topic, own=True, shown=False),
        Question("answered", _("Answered to"), "choice", answered, own=True, shown=False),
        Question("answer", _("Answer"), "choice", answer_was, Answer.Value.choices, own=True,
                 shown=False),
        Question("past_mission", _("Interested in a past mission to"), "choice",
                 interested_before, own=True, shown=False),
        Question("standing", _("Standing"), "choice", membership("standing"),
                 Membership.Standing.choices, own=True, shown=False),
        Question("category", _("Category"), "choice", membership("category"),
                 Membership.Category.choices, own=True, shown=False),
        Question("area", _("Therapeutic areas"), "choice", coded("area"), shown=False),
        Question("product", _("Products"), "choice", coded("product"), shown=False),
        Question("stage", _("Pipeline stage"), "choice", coded("stage"), shown=False),
        Question("market", _("Target markets"), "choice", coded("market"), shown=False),
        *(
            Question(f"at_{name}", label, ORGANISATIONS[name].kind,
                     at_organisation(ORGANISATIONS[name].condition),
                     ORGANISATIONS[name].choices, shown=False)
            for name, label in (
                ("kind", _("Kind of organisation")),
                ("city", _("City")),
                ("country", _("Country")),
                ("region", _("Region")),
            )
        ),
        Question("at_employees", _("Employees"), "number",
                 at_kept(number("employees")), own=True, shown=False),
        Question("at_tag", _("Tags of the organisation"), "choice",
                 at_kept(tagged), own=True, shown=False),
    )
}  # fmt: skip


def with_own_fields(vocabulary: Vocabulary) -> dict[str, Question]:
    """All of them, with the fields of the viewer's own clusters."""
    return PEOPLE | {
        f"custom_{word.pk}": own_field(word.pk, word.name, word.more["kind"], word.more["choices"])
        for word in vocabulary.fields
    }


def own_field(pk: int, name: str, kind: str, choices: list[str]) -> Question:
    return Question(
        f"custom_{pk}",
        name,
        KINDS[kind],
        answer(str(pk), kind),
        [(choice, choice) for choice in choices],
        own=True,
        key=str(pk),
    )
