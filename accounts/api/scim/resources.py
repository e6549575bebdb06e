"""What a user and a team are in SCIM's words, and what the service offers."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import EmailStr, Field
from scim2_models import (
    URN,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    ExtensibleStringEnum,
    Filter,
    Mutability,
    Patch,
    Reference,
    Required,
    Resource,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)
from scim2_server.service import ScimService

from accounts.choices import UserRole

MOST_RESULTS = 200
MOST_OPERATIONS, MOST_BULK_BYTES = 500, 1_000_000

ReadOnly = Mutability.read_only


class Name(ComplexAttribute):
    """Family and given name; a person's order of the two is ours to know."""

    family_name: str | None = None
    given_name: str | None = None


class Locale(ExtensibleStringEnum):
    """The languages of our pages; of `ja-JP` the first part counts, others change nothing."""

    JAPANESE = "ja"
    ENGLISH = "en"


class EmailType(StrEnum):
    """Directories name an address by its kind; ours are for work."""

    WORK = "work"


class Email(ComplexAttribute):
    """An address; we keep one."""

    value: Annotated[EmailStr | None, Required.true] = None
    type: EmailType | None = None
    primary: bool | None = None


#: The roles of the product by their keys, so that `/Schemas` names them.
RoleKey = StrEnum("RoleKey", {key: key for key in UserRole.values})  # type: ignore[misc]


class Role(ComplexAttribute):
    """What a person may do here; everybody has one role."""

    value: Annotated[RoleKey | None, Required.true] = None
    display: Annotated[str | None, ReadOnly] = None
    primary: bool | None = None


class Membership(ComplexAttribute):
    """A team the person belongs to; changed through the team."""

    value: Annotated[str | None, ReadOnly, CaseExact.true] = None
    ref: Annotated[Reference["Group"] | None, ReadOnly] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    display: Annotated[str | None, ReadOnly] = None


class User(Resource[Any]):
    """One of us."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Required.true, Uniqueness.server] = None
    name: Name | None = None
    display_name: Annotated[str | None, ReadOnly] = None
    emails: Annotated[list[Email] | None, Required.true] = None
    active: bool | None = None
    preferred_language: Locale | None = None
    roles: list[Role] | None = None
    groups: Annotated[list[Membership] | None, ReadOnly] = None


class Member(ComplexAttribute):
    """A person in a team."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    ref: Annotated[Reference["User"] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )


class Group(Resource[Any]):
    """One of our teams."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true] = None
    members: list[Member] | None = None


#: Directories send more than we keep, and Entra in forms of its own.
POLICY = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)
CONFIG = ServiceProviderConfig(
    patch=Patch(supported=True),
    bulk=Bulk(supported=True, max_operations=MOST_OPERATIONS, max_payload_size=MOST_BULK_BYTES),
    filter=Filter(supported=True, max_results=MOST_RESULTS),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=False),
    etag=ETag(supported=True),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="API token",
            description="A token of an administrator with the scope admin.",
            primary=True,
        )
    ],
)
SERVICE = ScimService(ScimProvider(models=[User, Group], config=CONFIG, policy=POLICY))
