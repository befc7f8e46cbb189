import { isHttpCall, isStore } from './spans.ts';
const ANY = /./;
/** Of statements: constants of ours may stand in them, no number of a card or an id and no address. */
const STATEMENT = /^(?!.*(\d{4}|@)).+$/s;
const METHOD = /^(GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH|_OTHER)$/;
const STATUS = /^[1-5]\d\d$/;
const PORT = /^\d{1,5}$/;
const TEMPLATE = /^\/[^?]*$/;
const ADDRESS = /^[\da-f.:]+$/;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
/** On any span. */
const COMMON = {
    error: /^/,
    'otel.status_code': /^ERROR$/,
    'error.type': /^(\d{3}|\w+)$/,
    'service.version': /^\d+\.\d+\.\d+$/,
};
/** Of any span: about the process and what recorded it, and the shop's own. */
const COMMON_PREFIX = /^(otel\.|otlp\.link\.|service\.instance\.|deployment\.environment\.|sockshop\.)/;
/** Of the baggage, where a service begins its work: the visit, and the customer's pseudonym. */
const BAGGAGE = { 'session.id': /^[\w-]{16,}$/, 'user-name': /^[\da-f]{12}$/ };
const SERVER = {
    required: {
        'http.request.method': METHOD,
        'http.response.status_code': STATUS,
        'url.path': /^\//,
        'url.scheme': /^https?$/,
        'server.address': ANY,
        'client.address': ADDRESS,
        'network.protocol.version': /^(1\.[01]|2)$/,
    },
    optional: {
        'http.route': TEMPLATE,
        'http.request.method_original': ANY,
        'url.query': ANY,
        'server.port': PORT, // unless it is that of the scheme
        'user_agent.original': ANY,
        'user_agent.synthetic.type': /^(bot|test)$/,
        ...BAGGAGE,
        'enduser.pseudo.id': /^[\da-f]{12}$/,
        'code.function.name': /^\w+\.\w+$/,
    },
    name: (tags) => [methodOf(tags), tags['http.route']].filter(Boolean).join(' '),
    edge: false,
};
const HTTP_CALL = {
    required: {
        'http.request.method': METHOD,
        'url.full': /^https?:\/\/[^@]+$/,
        'url.template': TEMPLATE,
        'server.address': ANY,
        'server.port': PORT,
        'service.peer.name': ANY,
    },
    optional: {
        'http.response.status_code': STATUS,
        'http.request.resend_count': /^[1-9]\d*$/,
        'network.peer.address': ADDRESS,
        'network.peer.port': PORT,
    },
    name: (tags) => `${methodOf(tags)} ${tags['url.template']}`,
    edge: true,
};
const STORE = {
    required: {
        'db.system.name': /^(mongodb|mysql|sqlite)$/,
        'db.namespace': ANY,
        'db.operation.name': /^\w+$/,
    },
    optional: {
        'db.collection.name': /^\w+$/,
        'db.query.summary': /^[\w ]+$/,
        'db.query.text': STATEMENT,
        'db.response.status_code': /^\d+$/,
        'server.address': ANY,
        'server.port': PORT,
        'service.peer.name': ANY,
    },
    name: (tags) => tags['db.query.summary'] ??
        [tags['db.operation.name'], tags['db.collection.name']].filter(Boolean).join(' '),
    edge: false,
};
const DATABASE_SERVER = {
    ...STORE,
    required: { ...STORE.required, 'server.address': ANY, 'service.peer.name': /-db$/ },
    edge: true,
};
const MESSAGE = {
    'messaging.system': /^(rabbitmq|in_memory)$/,
    'messaging.destination.name': /^[\w.:-]+$/,
    'messaging.message.id': UUID,
};
const RABBITMQ = {
    'messaging.rabbitmq.destination.routing_key': ANY,
    'messaging.message.conversation_id': ANY,
    'server.address': ANY,
    'server.port': PORT,
    'network.peer.address': ADDRESS,
    'network.peer.port': PORT,
};
const TAG = { 'messaging.rabbitmq.message.delivery_tag': /^\d+$/ };
const messageName = (tags) => `${tags['messaging.operation.name']} ${tags['messaging.destination.name']}`;
const PRODUCER = {
    required: {
        ...MESSAGE,
        'messaging.operation.name': /^publish$/,
        'messaging.operation.type': /^send$/,
        'service.peer.name': ANY,
    },
    optional: RABBITMQ,
    name: messageName,
    edge: true,
};
const CONSUMER = {
    required: {
        ...MESSAGE,
        'messaging.operation.name': /^process$/,
        'messaging.operation.type': /^process$/,
        'service.peer.name': ANY,
    },
    optional: { ...RABBITMQ, ...TAG, ...BAGGAGE },
    name: messageName,
    edge: true,
};
const SETTLEMENT = {
    required: {
        ...MESSAGE,
        'messaging.operation.name': /^n?ack$/,
        'messaging.operation.type': /^settle$/,
    },
    optional: { ...RABBITMQ, ...TAG },
    name: messageName,
    edge: false,
};
const STEP = { required: {}, optional: {}, name: () => '', edge: false };
/** What a span breaks of the rules for its kind. Empty for a right one: each attribute is known, and none that it needs is missing. */
export function schemaProblems(span) {
    const { kind = 'INTERNAL', name, tags = {}, localEndpoint } = span;
    const schema = schemaOf(span);
    if (!schema)
        return [`${localEndpoint.serviceName} ${kind} ${name}: of no known kind`];
    const { required, optional } = schema;
    const known = { ...COMMON, ...optional, ...required };
    return [
        ...Object.keys(required)
            .filter((attribute) => !(attribute in tags))
            .map((attribute) => `has no ${attribute}`),
        ...Object.entries(tags)
            .filter(([attribute, value]) => !(known[attribute] ?? prefixed(attribute)).test(value))
            .map(([attribute, value]) => `has ${attribute}=${value}`),
        ...nameProblems(span, schema),
        ...statusProblems(span),
        ...shapeProblems(span),
        ...(schema.edge === (kind !== 'SERVER' && span.remoteEndpoint?.serviceName !== undefined)
            ? []
            : [schema.edge ? 'names no remote end' : 'names a remote end']),
    ].map((problem) => `${localEndpoint.serviceName} ${kind} ${name}: ${problem}`);
}
function schemaOf(span) {
    const { kind, tags = {} } = span;
    if (kind === 'SERVER')
        return SERVER;
    if (kind === 'PRODUCER')
        return PRODUCER;
    if (kind === 'CONSUMER')
        return CONSUMER;
    if (isHttpCall(span))
        return HTTP_CALL;
    if (isStore(span))
        return kind === 'CLIENT' ? DATABASE_SERVER : STORE;
    if (tags['messaging.system'] !== undefined)
        return SETTLEMENT;
    return kind === undefined ? STEP : undefined;
}
const NOTHING = /^(?!)/;
function prefixed(attribute) {
    return COMMON_PREFIX.test(attribute) ? ANY : NOTHING;
}
function methodOf(tags) {
    const method = tags['http.request.method'] ?? '';
    return method === '_OTHER' ? 'HTTP' : method;
}
function nameProblems({ name, tags = {} }, schema) {
    const expected = schema === STEP ? name : schema.name(tags).toLowerCase();
    return name === expected && /^\w/.test(name) ? [] : [`is not named ${expected}`];
}
/** A refusal is an error of its caller, a failure one of both sides; what ended otherwise says so with a word. */
function statusProblems({ kind, tags = {} }) {
    const status = Number(tags['http.response.status_code'] ?? 0);
    const isError = tags['otel.status_code'] === 'ERROR';
    const failed = status >= (kind === 'SERVER' ? 500 : 400);
    const word = tags['error.type'];
    const cancelled = word === 'cancelled';
    return [
        ...(isError === 'error' in tags ? [] : ['has an error tag without the status, or the reverse']),
        ...(failed && !isError && !cancelled ? [`is no error at ${status}`] : []),
        ...(isError && word === undefined ? ['has no error.type'] : []),
        ...(!isError && word !== undefined && !cancelled ? [`is no error with ${word}`] : []),
        ...(failed && /^\d/.test(word ?? '') && word !== String(status)
            ? [`calls ${status} ${word}`]
            : []),
    ];
}
/** As Zipkin's v2 API has it. */
function shapeProblems({ traceId, id, parentId, timestamp, duration }) {
    const ids = [/^[\da-f]{32}$/.test(traceId), /^[\da-f]{16}$/.test(id)];
    const parent = parentId === undefined || /^[\da-f]{16}$/.test(parentId);
    const whole = Number.isInteger(timestamp) && Number.isInteger(duration) && duration >= 1;
    return [...ids, parent, whole].every(Boolean) ? [] : ['has malformed ids or times'];
}
//# sourceMappingURL=span-schema.js.map