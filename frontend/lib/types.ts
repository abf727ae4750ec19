// The shapes of the API by the names that the screens use. They come from the services' own description:
// what a screen expects and a service does not say stops the build.
import type { components } from './api.gen';

type Schemas = components['schemas'];

/** Without the members that a body may repeat but not change: the API takes any value for those. */
type Writable<Body> = { [Name in keyof Body as unknown extends Body[Name] ? never : Name]: Body[Name] };

export type Permission = Schemas['Permission'];
export type Role = Schemas['Role'];
/** Those that people have in a business. */
export type BusinessRole = Exclude<Role, 'operator' | 'service'>;
export type User = Schemas['UserOut'];
export type Self = Schemas['ProfileOut'];
export type UserWish = Pick<Schemas['UserChangeIn'], 'role' | 'is_active'>;
export type Business = Schemas['BusinessOut'];
export type BusinessWish = Schemas['BusinessChangeIn'];
export type Invitation = Schemas['InvitationOut'];
export type InvitationMade = Schemas['InvitationMadeOut'];
export type InvitationPreview = Schemas['InvitationPreviewOut'];
export type Session = Schemas['SessionOut'];
export type ServiceAccount = Schemas['ServiceAccountOut'];
export type ServiceAccountMade = Schemas['ServiceAccountMadeOut'];
export type Scope = ServiceAccount['scopes'][number];
export type AuditEntry = Schemas['AuditOut'];

export type Listing = Schemas['PublicProductOut'];
export type Facets = Schemas['FacetsOut'];
export type Suggestions = Schemas['SuggestionsOut'];
export type Status = Schemas['Status'];
export type Product = Schemas['ProductOut'];
/** What a product's form asks for. A new field of the API's is one here, too, and forms without it do not compile. */
export type ProductWish = Omit<Writable<Schemas['ProductChangeIn']>, 'status'>;
export type Revision = Schemas['RevisionOut'];
export type Diff = Schemas['DiffOut'];
export type FieldChange = Schemas['FieldChangeOut'];
export type MarkedPart = Schemas['PartOut'];
export type HistoryEntry = Schemas['HistoryEntryOut'];
export type VettedType = `${Schemas['ContentType']}`;
/** A page of information of a business, in one language. */
export type InformationPage = Schemas['PageOut'];
export type InformationKind = InformationPage['kind'];
export type PageRevision = Schemas['PageRevisionOut'];
export type Seller = Schemas['PublicBusinessOut'];
export type ProductApproval = Schemas['ApprovalOut'];
export type PageApproval = Schemas['PageApprovalOut'];
export type Approval = ProductApproval | PageApproval;
export type BulkItem = Schemas['BulkItemIn'];
export type BulkResult = Schemas['BulkResultOut'];
export type Policy = Schemas['PolicyOut'];
export type Statistics = Schemas['StatisticsOut'];
export type DecisionDay = Schemas['DecisionDayOut'];

export type Source = Schemas['AnswerProductOut'];
export type Turn = Schemas['TurnOut'];
export type Conversation = Schemas['ConversationOut'];
export type ChatUsage = Schemas['UsageOut'];
export type WholeConversation = Schemas['WholeConversationOut'];
