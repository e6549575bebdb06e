"""Which talks an import may touch: those that whoever imports may read, and drafts of their own.

The rule of `accounts.querysets.talks.readable_talk` in the SQL of a plan.
"""

from accounts.choices import RecordKind, Scope, UserRole
from accounts.services.imports.stage import Stage

_OWN = "{talk}.created_by_id = %(importer)s"
_SHOWN = (
    "NOT {talk}.is_draft AND ({talk}.visibility = 'account'"
    " OR {account}.team_id = ANY(%(teams)s::bigint[])"
    " OR {account}.id = ANY(%(inside)s::bigint[]))"
)
#: Beside it `Stage.reaches` is asked, which says whether the account is within reach.
_TEXT = {
    Scope.NONE: "false",
    Scope.OWN_TEAM: (
        "({account}.team_id = ANY(%(teams)s::bigint[]) OR {account}.id = ANY(%(beside)s::bigint[]))"
    ),
    Scope.ALL: "true",
}


def may_read(stage: Stage, talk: str, account: str) -> str:
    """Return the SQL condition that whoever imports may read a talk of an account they reach.

    Administrators, who take everything out, take it in again.
    """
    reach = stage.reach
    if reach is None or reach.role == UserRole.ADMINISTRATOR:
        return "true"
    stage.parameters |= {
        "importer": stage.importer_id,
        "teams": sorted(reach.teams),
        "inside": sorted(reach.held),
        "beside": sorted(reach.accounts),
    }
    text = _TEXT[Scope(reach.scope(RecordKind.TOUCHPOINT_BODY))]
    rule = f"({_OWN} OR {_SHOWN} AND {text})"
    return f"coalesce({rule}, false)".format(talk=talk, account=account)
