// The health check of MongoDB, run by mongosh on its own machine. What a first start needs it makes itself: the replica set
// of one, an operator who may do everything, and the user of the address that Guichet is given. A password that was changed
// in the secrets is changed here.
const { readFileSync } = require('node:fs');

const secret = (name) => readFileSync(`/run/secrets/${name}`, 'utf8').trim();
const url = new URL(secret('mongodb_url'));
const guichet = { name: url.username, password: decodeURIComponent(url.password) };
const operator = { name: 'operator', password: secret('mongodb_operator') };
const users = db.getSiblingDB('admin');

if (db.hello().setName === undefined) {
  rs.initiate({ _id: url.searchParams.get('replicaSet'), members: [{ _id: 0, host: url.host }] });
}
if (!db.hello().isWritablePrimary) quit(1);
if (!knows(guichet)) {
  // Who comes from this very machine may make the first user, and nobody after that.
  if (!knows(operator)) {
    users.createUser({ user: operator.name, pwd: operator.password, roles: ['root'] });
    knows(operator);
  }
  const may = { pwd: guichet.password, roles: [{ role: 'readWrite', db: url.pathname.slice(1) }] };
  if (users.getUser(guichet.name) === null) users.createUser({ user: guichet.name, ...may });
  else users.updateUser(guichet.name, may);
}

function knows({ name, password }) {
  try {
    return users.auth(name, password).ok === 1;
  } catch {
    return false;
  }
}
