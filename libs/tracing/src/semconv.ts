/**
 * Attribute names that `@opentelemetry/semantic-conventions` does not list as stable (messaging and a few others are in
 * development). Stable ones are imported from the package where they are used.
 */
export const SERVICE_PEER_NAME = 'service.peer.name';
export const HTTP_REQUEST_RESEND_COUNT = 'http.request.resend_count';
export const URL_TEMPLATE = 'url.template';
/** `bot` or `test`, on requests that no person made. */
export const USER_AGENT_SYNTHETIC_TYPE = 'user_agent.synthetic.type';
/** A visit of one browser: a random id, no credential. */
export const SESSION_ID = 'session.id';
/** A pseudonym of a customer. */
export const ENDUSER_PSEUDO_ID = 'enduser.pseudo.id';

/** The customer in the baggage, as the seeds' readers name it. */
export const USER_NAME = 'user-name';

export const MESSAGING_SYSTEM = 'messaging.system';
export const MESSAGING_OPERATION_NAME = 'messaging.operation.name';
export const MESSAGING_OPERATION_TYPE = 'messaging.operation.type';
export const MESSAGING_DESTINATION_NAME = 'messaging.destination.name';
export const MESSAGING_RABBITMQ_ROUTING_KEY = 'messaging.rabbitmq.destination.routing_key';
export const MESSAGING_RABBITMQ_DELIVERY_TAG = 'messaging.rabbitmq.message.delivery_tag';
export const MESSAGING_MESSAGE_ID = 'messaging.message.id';
export const MESSAGING_MESSAGE_BODY_SIZE = 'messaging.message.body.size';
export const MESSAGING_BATCH_MESSAGE_COUNT = 'messaging.batch.message_count';
export const MESSAGING_MESSAGE_CONVERSATION_ID = 'messaging.message.conversation_id';

/** Why a span has a link; an attribute of the link. */
export const LINK_REASON = 'link.reason';

/** Of an event that ends a wait: how long it took, in seconds. */
export const WAIT_DURATION = 'wait.duration';
/** What Spring Sleuth called the class and the method of `code.function.name`. */
export const MVC_CONTROLLER_CLASS = 'mvc.controller.class';
export const MVC_CONTROLLER_METHOD = 'mvc.controller.method';
