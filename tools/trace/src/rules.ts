export type Severity = 'error' | 'warning' | 'note';

export interface Rule {
  readonly severity: Severity;
  /** What is wrong, as a sentence without its full stop. */
  readonly title: string;
  /** What to do. */
  readonly advice: string;
}

const error = (title: string, advice: string): Rule => ({ severity: 'error', title, advice });
const warning = (title: string, advice: string): Rule => ({ severity: 'warning', title, advice });
const note = (title: string, advice: string): Rule => ({ severity: 'note', title, advice });

const RENAME =
  'Write the new name; move dashboards and alerts first, or write both for a while (OTEL_SEMCONV_STABILITY_OPT_IN).';

/** The number is that of a check of what every span must satisfy; a letter tells the rules of one check apart. They never change their meaning. */
export const RULES = {
  T01a: warning(
    'A SERVER span lacks an attribute that HTTP requires',
    'Set it where the request is received: http.request.method, url.path, url.scheme, and http.response.status_code or error.type.',
  ),
  T01b: warning(
    'An attribute has a wrong type, unit or form',
    'Write the value as the conventions define it: numbers as whole numbers, ports without host, paths without query.',
  ),
  T01c: warning('An attribute of HTTP or the network has a withdrawn name', RENAME),
  T02a: warning(
    'A CLIENT span lacks an attribute that HTTP requires',
    'Set it where the request is sent: http.request.method, url.full, server.address, server.port, and http.response.status_code or error.type.',
  ),
  T03a: warning(
    'A span name contains an id',
    'Put a template in its place ({id}) and the value in an attribute: names are keys of statistics.',
  ),
  T03b: warning(
    'A span name of HTTP does not follow the convention',
    'Name it {method} {http.route} on SERVER, {method} {url.template} or {method} on CLIENT.',
  ),
  T03c: warning(
    'An attribute that groups spans contains an id',
    'Record the template, such as /orders/{id}; the value belongs in url.path or an attribute of its own.',
  ),
  T03d: warning(
    'A service has very many span names',
    'Find what varies in the names and move it into an attribute.',
  ),
  T04a: warning(
    'A SERVER span is an error though the caller made the mistake (4xx)',
    'Leave the status of a SERVER span unset below 500.',
  ),
  T04b: error(
    'A response of 500 or more is no error',
    'Set the status ERROR, or error counts are too low.',
  ),
  T04c: warning(
    'A CLIENT span got 400 or more, or a failure of RPC, and is no error',
    'Set the status ERROR on the CLIENT span.',
  ),
  T04d: note(
    'The description of the status repeats the status code',
    'Leave it out: the code says it. Descriptions are for what no attribute says.',
  ),
  T04e: warning(
    'A span is an error though the response says success',
    'Set error.type to what failed, or leave the status unset.',
  ),
  T04f: warning(
    'A request that its caller cancelled is an error',
    'Leave the status unset; error.type says cancelled.',
  ),
  T05a: warning(
    'A failed span has no error.type',
    'Set it to the status code, the class of the exception, or a short fixed word.',
  ),
  T05b: warning(
    'A span that did not fail has an error.type',
    'Set it only together with the status ERROR (or for cancelled requests).',
  ),
  T05c: warning(
    'error.type is no short fixed word, or contradicts the status code',
    'Use the status code as text, the class of the exception, or a fixed word; messages belong in exception.message.',
  ),
  T06a: warning(
    'A span within a span of the same kind for the same call or message',
    'Keep one CLIENT span for each attempt, one PRODUCER or CONSUMER for each message: make the wrapper INTERNAL, or switch one of two instrumentations off.',
  ),
  T06b: warning(
    'A repeated attempt is not marked',
    'Set http.request.resend_count on each attempt after the first.',
  ),
  T07a: error(
    'A call has no SERVER span, though the callee reports spans',
    'Look for context that is not sent on, for spans that are not exported, and for a route that is not instrumented.',
  ),
  T07b: error(
    'A call has several SERVER spans',
    'Look for two instrumentations of one server, and for a context that is kept between requests.',
  ),
  T07c: error(
    'A SERVER span within a SERVER span of the same service',
    'Switch one of two instrumentations off, or let one adopt the span of the other.',
  ),
  T07d: error(
    'The caller of a SERVER span has no CLIENT span',
    'Start a CLIENT span for the call, and send its context instead of that of its parent.',
  ),
  T07e: error(
    'The first span of a service in a trace is neither SERVER nor CONSUMER',
    'Give the span that receives the request the kind SERVER (CONSUMER for a message): maps and rates depend on it.',
  ),
  T07f: warning(
    'A call names another callee than the one that served it',
    'Correct the name of the other end, or the context that a request carries.',
  ),
  T07g: warning(
    'CLIENT and SERVER of one call disagree',
    'Look for a proxy between them, or for context of another request.',
  ),
  T07h: warning(
    'An HTTP or RPC span has a kind that does not fit',
    'Use CLIENT where it is sent and SERVER where it is received.',
  ),
  T08: note(
    'Probes or static files are recorded',
    'Do not record them, or drop them in the collector: they hide the traffic of users.',
  ),
  T09a: warning(
    'A span of a database lacks an attribute',
    'Set db.system.name, and db.operation.name, db.query.summary or db.query.text.',
  ),
  T09b: warning(
    'A statement contains literal values',
    'Record the statement with placeholders, and its values nowhere.',
  ),
  T09c: warning('An attribute of a database has a withdrawn name', RENAME),
  T09d: warning(
    'db.system.name is not a name of the conventions',
    'Use its small-letter name: postgresql, mysql, mongodb, redis, microsoft.sql_server.',
  ),
  T10: warning(
    'A span name of a database does not follow the convention',
    'Name it as db.query.summary, else {db.operation.name} {db.collection.name}.',
  ),
  T11a: warning(
    'A span of a database has a kind that does not fit',
    'Use CLIENT for a server, and INTERNAL only for a database in the process.',
  ),
  T11b: warning(
    'A database in the process draws an edge',
    'Use the kind INTERNAL without a remote end: there is no server to draw.',
  ),
  T12a: error(
    "A card's number is recorded",
    'Remove it where it is recorded, delete the stored spans, and report it as a leak.',
  ),
  T12b: error(
    'A credential is recorded',
    'Remove it where it is recorded, delete the stored spans, and replace the credential.',
  ),
  T12c: error('An e-mail address is recorded', 'Record a pseudonym instead (enduser.pseudo.id).'),
  T13a: warning(
    'A span of messaging lacks an attribute',
    'Set messaging.system, messaging.operation.name, messaging.operation.type and messaging.destination.name.',
  ),
  T13b: error(
    'A span that sends messages is not PRODUCER',
    'Use the kind PRODUCER, and send its context in the message.',
  ),
  T13c: warning(
    'A span name of messaging does not follow the convention',
    'Name it {messaging.operation.name} {destination}.',
  ),
  T13d: warning('An attribute of messaging has a withdrawn name', RENAME),
  T14: error(
    'A span that processes messages is not CONSUMER',
    'Use the kind CONSUMER for the processing of a delivered message.',
  ),
  T15: warning(
    'Receiving or acknowledging a message is not CLIENT',
    'Use the kind CLIENT for receive and settle: the service asks the broker.',
  ),
  T16a: warning(
    'A message was sent and has no CONSUMER, though such messages have consumers',
    'Look for a message that waits or was lost, and for context that is not read from its headers.',
  ),
  T16b: warning(
    'A CONSUMER has a parent that sent no message',
    'Send the context of the PRODUCER span in the message.',
  ),
  T17a: warning(
    'A CONSUMER has no link to the span that made its message',
    'Add the link, also where that span is the parent.',
  ),
  T17b: error(
    'A link leads nowhere',
    'Link to the span context that came with the message; a span must not link to itself.',
  ),
  T20: error(
    'The same failing root is repeated',
    'Look for a loop of reconnects or retries that starts a trace each time.',
  ),
  T21: warning(
    'An exception is recorded more than once on its way up',
    'Record it once, where it leaves the operation.',
  ),
  T22: warning(
    'An exception event lacks exception.type and exception.message',
    'Set at least one of them on the event.',
  ),
  T23: warning(
    'An instrumentation sets the status OK',
    'Leave the status unset: OK is for the application, and hides errors that are found later.',
  ),
  T25: warning(
    'The evaluation of a feature flag is recorded in an old form',
    'Use the event feature_flag.evaluation with feature_flag.key and feature_flag.result.variant.',
  ),
  T26a: warning(
    'Attributes, events or links were dropped',
    'Record fewer, or raise OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT, OTEL_SPAN_EVENT_COUNT_LIMIT or OTEL_SPAN_LINK_COUNT_LIMIT.',
  ),
  T26b: warning(
    'A span has more attributes, events or links than the default limit (128)',
    'Record fewer; what varies in number belongs in child spans or logs.',
  ),
  T27a: error(
    'An id is missing, all zeros or malformed',
    'Use 32 hexadecimal digits for traces (16 in old B3) and 16 for spans.',
  ),
  T27b: warning('An id has capital letters', 'Write ids in small letters.'),
  T27c: warning(
    'Trace ids are not random',
    'Use a random generator: sampling by ratio depends on the last digits, joins on all of them.',
  ),
  T27d: error(
    'A span id is used in several traces',
    'Look for a random generator that was copied with its process, and for ids taken from elsewhere.',
  ),
  T28: warning(
    'The debug flag is lost within a trace',
    'Pass X-B3-Flags: 1 or b3 with d on to every callee.',
  ),
  T30: error(
    'The context is lost between two services',
    'Send traceparent (or B3) with the call, and read it on the other side; look at proxies and at the propagators of both.',
  ),
  T33a: error(
    'A service records only some of the calls that are in sampled traces',
    'Use a parent-based sampler in every service: one decision for each trace.',
  ),
  T33b: error(
    'Spans of one trace were sampled by different rules',
    'Decide once, at the root, and pass the decision on.',
  ),
  T35a: error('A service has no name', 'Set OTEL_SERVICE_NAME, or service.name of the resource.'),
  T35b: warning('A resource has no service.version', 'Set it in OTEL_RESOURCE_ATTRIBUTES.'),
  T35c: warning(
    'A resource has no service.instance.id',
    'Set it to a random UUID at the start of each process.',
  ),
  T35d: error(
    'Several processes share one service.instance.id',
    'Make it anew in each process, not in the image or the configuration.',
  ),
  T35e: warning(
    'A resource has no telemetry.sdk.*',
    'Keep the attributes of the SDK when you make a resource: merge instead of replacing.',
  ),
  T35f: warning(
    'A process has several values of service.instance.id',
    'Make it once at the start of the process.',
  ),
  T35g: warning('An attribute of the resource has a withdrawn name', RENAME),
  T36: warning(
    'peer.service is withdrawn',
    'Use service.peer.name (server.service.name from release 1.45 on).',
  ),
  T37a: warning(
    'A span has no instrumentation scope',
    'Name the tracer: getTracer(name, version).',
  ),
  T37b: note('An instrumentation scope has no version', 'Give getTracer the version, too.'),
  T37c: note(
    'Neither resource nor scope has a schema URL',
    'Set https://opentelemetry.io/schemas/<release>, so that readers can translate names.',
  ),
  T37d: warning(
    'The schema URL is not true',
    'Name the release whose attribute names are really used.',
  ),
  T38: warning('A span does not have the form of OTLP', 'Correct the exporter.'),
  T39a: error(
    'A duration is zero, negative or missing',
    'Measure it with a monotonic clock; round up to 1 µs; end every span.',
  ),
  T39b: error(
    'A span or an event lies outside of its parent in time, in one process',
    'Take all times of a process from one clock, and start the parent first.',
  ),
  T39c: warning(
    'The clocks of services differ',
    'Synchronise the clocks of the hosts; look for a service that keeps an offset from its start.',
  ),
  T39d: error(
    'A time is impossible, so its unit is probably wrong',
    'Zipkin wants microseconds, OTLP nanoseconds since 1970.',
  ),
  T40: error(
    'The export of telemetry is itself recorded',
    'Suppress instrumentation around exporters: it makes an endless loop.',
  ),
  T41: warning("A span does not have the form of Zipkin's API v2", 'Correct the encoder.'),
  T42a: error(
    'Spans of one process have different service names',
    'Take the name from one resource for each process or service.',
  ),
  T42b: warning(
    'Names of services differ only in case or signs',
    'Use one spelling: Zipkin makes one service of them, others do not.',
  ),
  T43a: warning(
    'A span does not name its other end, so Zipkin draws no edge',
    'Set remoteEndpoint.serviceName on CLIENT spans without a SERVER, and on both PRODUCER and CONSUMER.',
  ),
  T43b: warning(
    "Zipkin's service map differs from the spans",
    'Look for spans that Zipkin refused, and for a job that has not run.',
  ),
  T44a: error(
    'A span has the tag error, and its status is no error',
    'Write the tag error if and only if the status is ERROR.',
  ),
  T44b: error(
    'A span has the status ERROR and no tag error',
    'Write the tag error, if need be with an empty value: Zipkin counts errors by it.',
  ),
  T44c: error(
    'The tag error says false, which Zipkin counts as an error',
    'Leave the tag out where nothing failed.',
  ),
  T45a: warning(
    "A server continues its client's span id without the mark shared",
    'Set shared: true, or give the server an id of its own.',
  ),
  T45b: warning(
    'The mark shared is on a span that shares no id',
    'Set it only on a SERVER that continues the id of its client.',
  ),
  T47: warning(
    'A trace has ids of 64 and of 128 bits',
    'Let every service keep the id as it came; pad it to the left with zeros where 128 bits are needed.',
  ),
  T51: error(
    'Rates and errors from spans and from metrics disagree',
    'Compare one window in which everything was sampled; look for spans that were dropped and for requests that only one of both counts.',
  ),
  T52a: error(
    'The parent of a span is missing, and lies in another service',
    'Look at whether the caller records and exports spans, and at sampling in a proxy.',
  ),
  T52b: error(
    'The parent of a span is missing, and lies in the same process',
    'Look for spans that never end, for a full export queue, and for processes that end without a flush.',
  ),
  T52c: error(
    'A trace has several roots',
    'Look for a context that is lost on the way, and for ids that are used again.',
  ),
  T52d: warning(
    'A trace begins with a call or a message of a service that handles requests',
    'Look for a lost context; wrap background work in an INTERNAL span of its own.',
  ),
  T52e: warning(
    'A trace begins with a CONSUMER',
    'Send the context in the message, and read it: as parent, or as link.',
  ),
  T52f: warning(
    'A trace begins with a step within a service that handles requests',
    'Look for a lost context; a job of its own is declared with --job NAME.',
  ),
  T52g: warning(
    'A trace begins in a service that is not at the edge',
    'Look for a caller that sends no context; services that users call are declared with --entry NAME.',
  ),
  T52h: error("Spans are each other's parents", 'Look at where the encoder takes parent ids from.'),
  T52i: error(
    'One span id belongs to several spans of a trace',
    'Make a new id for each span, and export each span once.',
  ),
  T53a: error('An edge is not declared', 'Declare it, or stop the call.'),
  T53b: warning(
    'A declared edge is missing',
    'Check that its traffic took place, that both ends record spans, and that context is sent.',
  ),
  T54a: warning(
    'A request failed and its trace does not say why',
    'Record the exception, or an error.type that tells more than the status code, where it happened.',
  ),
  T54b: error(
    'A failure is not seen by its caller',
    'Let the status of the CLIENT span follow the response of the SERVER.',
  ),
  T55: warning(
    'Time is not explained by any span',
    'Add a span or an event for the wait or the work; --gap sets the bound.',
  ),
  T56: warning(
    'The same step is repeated many times under one parent',
    'Fetch in one call what belongs together; --repeats sets the bound.',
  ),
  T57: warning(
    'Work goes on after its parent has ended',
    'Give work after the response a span of its own, linked; end the parent after its children.',
  ),
  T58: error(
    'One trace holds several sessions or users',
    'Look for a context that is kept between requests, users or messages.',
  ),
  L01: note('An attribute has a withdrawn name', RENAME),
} as const satisfies Record<string, Rule>;

export type RuleId = keyof typeof RULES;
