"""What a list says of what a cluster keeps for itself: tags, and answers to its own fields."""

from typing import Any

from crm.models import Tag
from crm.models.imports import Import
from crm.resources.contacts import own_questions
from crm.rules.cells import MOST_TAGS
from crm.rules.columns import OWN, TAGS
from crm.rules.entries import Entry
from crm.rules.names import fold

Diff = dict[str, list[Any]]
Said = dict[str, Any]
"""The numbers of the tags, as "tags", and the answers by their columns."""


class OwnValues:
    """Reads what rows say of a cluster's own, row by row, and puts it on people and memberships."""

    def __init__(self, of_import: Import) -> None:
        self._import = of_import
        questions = own_questions(of_import.cluster)
        self._keys = {of: [n for n, q in questions.items() if q.of == of] for of in TAGS}
        own = Tag.objects.filter(cluster=of_import.cluster).order_by()
        self._tags: dict[str, int] = dict(own.values_list("folded", "pk"))

    def said(self, entry: Entry) -> Said:
        """What a row says of its person."""
        answers = {n: entry.facts[n] for n in self._keys["person"] if n in entry.facts}
        return {**answers, "tags": self._tags_of(entry, "person")}

    def hear(self, entry: Entry, said: Said) -> None:
        """Add what a row says of its organisation: its tags, and answers that nobody gave yet."""
        said["tags"] = self._tags_of(entry, "organisation", said.get("tags", ()))
        for name in self._keys["organisation"]:
            if name in entry.facts:
                said.setdefault(name, entry.facts[name])

    def changes(self, row: Any, of: str, said: Said) -> Diff:
        """Tags are added, or replaced by those of the list; an answer fills where there is none."""
        changes: Diff = {}
        policy, tags = self._import.policy, said["tags"]
        if policy == Import.Policy.SKIP:
            return changes
        if policy == Import.Policy.FILL and tags:
            more = [pk for pk in tags if pk not in row.tags]
            tags = [*row.tags, *more][:MOST_TAGS]
        if tags and set(tags) != set(row.tags):
            changes[TAGS[of]] = [row.tags, tags]
        for name in self._keys[of]:
            key = name.removeprefix(OWN)
            now, may = row.custom.get(key), key not in row.custom
            if name in said and (may or (policy == Import.Policy.OVERWRITE and now != said[name])):
                changes[name] = [now, said[name]]
        return changes

    @staticmethod
    def put(row: Any, changes: Diff) -> None:
        for name, (_before, after) in changes.items():
            if name in TAGS.values():
                row.tags = after
            elif name.startswith(OWN):
                row.custom = {**row.custom, name.removeprefix(OWN): after}

    def values(self, of: str, said: Said) -> dict[str, Any]:
        """Tags and answers of a row that is new."""
        answers = {n.removeprefix(OWN): said[n] for n in self._keys[of] if n in said}
        return {"tags": said["tags"], "custom": answers}

    def _tags_of(self, entry: Entry, of: str, former: Any = ()) -> list[int]:
        """The numbers of the tags; a word that is none becomes one, or is left out and told of."""
        pks = list(former)
        for name in entry.facts.get(TAGS[of], ()):
            whole = "|" not in name or fold(name) in self._tags
            for part in [name] if whole else filter(fold, name.split("|")):
                pk = self._tag(" ".join(part.split()), entry)
                if pk and pk not in pks:
                    pks.append(pk)
        return pks[:MOST_TAGS]

    def _tag(self, name: str, entry: Entry) -> int | None:
        folded = fold(name)
        if folded not in self._tags and self._import.make_tags:
            tag = Tag.objects.create(cluster=self._import.cluster, name=name, folded=folded)
            self._tags[folded] = tag.pk
        remark = f"“{name}” is no tag of yours yet, so it was left out."
        if folded not in self._tags and remark not in entry.remarks:
            entry.remarks.append(remark)
        return self._tags.get(folded)
