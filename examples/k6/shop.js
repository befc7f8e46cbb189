// Two journeys at a rate of arrivals, for k6: visitors who look at socks, and customers with accounts of their own who buy one.
import http from 'k6/http';
import { check, fail, sleep } from 'k6';
import exec from 'k6/execution';

const shop = __ENV.SHOP || 'http://localhost:8080';
const rate = Number(__ENV.RATE || 5); // visits per second
const duration = __ENV.DURATION || '30s';

const arriving = (share, name) => ({
  exec: name,
  executor: 'constant-arrival-rate', // an open model: a slow shop gets as many visits
  rate: Math.max(Math.round(rate * 60 * share), 1),
  timeUnit: '1m',
  duration,
  preAllocatedVUs: 20,
  maxVUs: 200,
});

export const options = {
  noCookiesReset: true, // a customer stays logged in
  scenarios: { browse: arriving(0.8, 'browse'), buy: arriving(0.2, 'buy') },
  // A broken promise ends k6 with code 99.
  thresholds: {
    http_req_failed: ['rate<0.01'],
    http_req_duration: ['p(95)<1000'],
    checks: ['rate>0.99'],
    dropped_iterations: ['count==0'],
  },
};

/** One line in the statistics, not one for each id. */
const named = (name) => ({ tags: { name } });

function anySock() {
  const response = http.get(`${shop}/catalogue`);
  if (!check(response, { 'the catalogue has socks': ({ status }) => status === 200 }))
    fail('no catalogue');
  const socks = response.json();
  return socks[Math.floor(Math.random() * socks.length)].id;
}

export function browse() {
  http.get(`${shop}/`);
  http.get(`${shop}/category.html`);
  const sock = anySock();
  sleep(Math.random());
  http.get(`${shop}/detail.html?id=${sock}`, named('GET /detail.html'));
  const response = http.get(`${shop}/catalogue/${sock}`, named('GET /catalogue/{id}'));
  check(response, { 'it is the sock': (answer) => answer.json('id') === sock });
}

export function buy() {
  signUpOnce();
  const sock = anySock();
  const json = { headers: { 'content-type': 'application/json' } };
  http.get(`${shop}/detail.html?id=${sock}`, named('GET /detail.html'));
  http.del(`${shop}/cart`);
  http.post(`${shop}/cart`, JSON.stringify({ id: sock, quantity: 1 }), json);
  http.get(`${shop}/basket.html`);
  // The key makes a repeated order the same order.
  const key = `k6-${exec.vu.idInTest}-${exec.vu.iterationInScenario}-${Date.now()}`;
  const order = http.post(`${shop}/orders`, null, { headers: { 'idempotency-key': key } });
  check(order, { 'the order is placed': ({ status }) => status === 201 });
}

let signedUp = false; // each virtual user has a copy of this file

function signUpOnce() {
  if (!signedUp) {
    const username = `k6-${Date.now().toString(36)}-${exec.vu.idInTest}`;
    const customer = { username, password: username, email: `${username}@example.com` };
    const address = { number: '1', street: 'Sock Lane', city: 'Glasgow', country: 'UK' };
    post('/register', { ...customer, firstName: 'Kay', lastName: 'Six' });
    post('/addresses', { ...address, postcode: 'G67 3DL' });
    post('/cards', { longNum: '9999000011112222', expires: '12/39', ccv: '123' });
    signedUp = true;
  }
}

function post(path, body) {
  const headers = { 'content-type': 'application/json' };
  const response = http.post(`${shop}${path}`, JSON.stringify(body), { headers });
  if (!check(response, { 'signed up': ({ status }) => status === 200 || status === 201 }))
    fail(`POST ${path}: ${response.status}`);
}
