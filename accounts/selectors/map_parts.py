"""What a stakeholder map is made of: people, lines, empty roles, sponsors, changes."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from accounts.choices import ContactState, Level, RelationKind, StakeholderRoleKind, Stance
from accounts.domain.contact_states import StateChange
from accounts.domain.people_gaps import Gap, PersonSeen, RoleHeld
from accounts.models import Contact, ContactStanding, StakeholderRelation, StakeholderRole


@dataclass
class MapPerson:
    """One of the customer's people as they were on the day."""

    contact: Contact
    seen: PersonSeen
    roles: list[StakeholderRole]
    standing: ContactStanding | None
    state: str
    state_since: dt.date | None
    announced: StateChange | None
    last_talk_at: dt.datetime | None
    is_talked_to: bool
    is_drawn: bool
    lines: list["MapLine"] = field(default_factory=list, repr=False)

    @property
    def is_gone(self) -> bool:
        """Say whether they had left their post by the day."""
        return not self.seen.is_present

    @property
    def is_decision_maker(self) -> bool:
        """Say whether they decide, and are there to."""
        held = {part.role for part in self.roles}
        return not self.is_gone and StakeholderRoleKind.DECISION_MAKER in held

    @property
    def state_label(self) -> Any:
        """Return the state in words."""
        return ContactState(self.state).label

    @property
    def announced_label(self) -> Any:
        """Return the state that is to come in words."""
        return ContactState(self.announced.state).label if self.announced else ""

    @property
    def unconfirmed(self) -> list[StakeholderRole]:
        """Return the parts nobody confirmed."""
        return [] if self.is_gone else [part for part in self.roles if not part.confirmed_on]


@dataclass(frozen=True)
class MapLine:
    """How one person stands to another on the day."""

    relation: StakeholderRelation
    kind: str
    junior: MapPerson
    other: MapPerson


@dataclass(frozen=True)
class EmptyRole:
    """A required role nobody plays on the day, with who played it last."""

    role: str
    formerly: MapPerson | None = None

    @property
    def label(self) -> Any:
        """Return the role in words."""
        return StakeholderRoleKind(self.role).label

    @property
    def boss(self) -> MapPerson | None:
        """Return whom the last holder reported to, where the empty place hangs."""
        lines = self.formerly.lines if self.formerly else []
        above = (line.other for line in lines if line.kind == RelationKind.REPORTS_TO)
        return next((person for person in above if not person.is_gone), None)


@dataclass(frozen=True)
class SponsorPair:
    """An executive of ours and one of theirs; `talked_at` is anybody's last talk with theirs."""

    ours: Any | None
    theirs: MapPerson | None
    talked_at: dt.datetime | None


@dataclass(frozen=True)
class MapChange:
    """Something that changed on a day: `kind` and `word` say what, `other` with whom."""

    on: dt.date
    kind: str
    person: Contact
    word: str
    other: Contact | None = None


@dataclass(frozen=True)
class PowerRow:
    """The people of one influence, by how they stand to us: opponents, neutral, supporters."""

    influence: Level
    cells: list[tuple[Stance, list[MapPerson]]]


@dataclass(frozen=True)
class StakeholderMap:
    """Their side on a day."""

    day: dt.date
    today: dt.date
    first_day: dt.date
    people: list[MapPerson]
    ghosts: list[Contact]
    empty: list[EmptyRole]
    lines: list[MapLine]
    sponsors: list[SponsorPair]
    required: tuple[str, ...]
    gaps: list[Gap]
    changes: list["MapChange"]

    @property
    def power(self) -> list[PowerRow]:
        """Return the power map, the most influential first."""
        stances = (Stance.OPPONENT, Stance.NEUTRAL, Stance.SUPPORTER)
        return [
            PowerRow(level, [(stance, self._standing(level, stance)) for stance in stances])
            for level in (Level.HIGH, Level.MEDIUM, Level.LOW)
        ]

    @property
    def unplaced(self) -> list[MapPerson]:
        """Return who is there without a place on the power map: influence or stance is unknown."""
        placed = {p.contact.pk for row in self.power for _, people in row.cells for p in people}
        return [p for p in self.people if not p.is_gone and p.contact.pk not in placed]

    def _standing(self, influence: str, stance: str) -> list[MapPerson]:
        return [
            person
            for person in self.people
            if not person.is_gone
            and (standing := person.standing)
            and (standing.influence, standing.stance) == (influence, stance)
        ]

    @property
    def names(self) -> dict[int, str]:
        """Return the names of everybody by id."""
        return {person.contact.pk: str(person.contact) for person in self.people}

    @property
    def confirmed(self) -> int:
        """Return how many required roles are filled and confirmed."""
        lacking = {gap.role for gap in self.gaps if gap.kind in {"empty_role", "unconfirmed_role"}}
        return len(self.required) - len(lacking)

    def holders(self, role: str) -> list[tuple[MapPerson, RoleHeld]]:
        """Return who plays a role on the day, with when that was confirmed."""
        present = [person for person in self.people if not person.is_gone]
        return [(p, held) for p in present for held in p.seen.roles if held.role == role]

    @property
    def is_today(self) -> bool:
        """Say whether this is the map as it is now."""
        return self.day == self.today
