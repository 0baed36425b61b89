import { proveStore } from '../contract/store.js';
import { mongoForTests } from '../support/mongo_stores.js';
import { needs } from '../support/skip.js';

needs('mongod')('on a replica set', () => {
  const { openEmpty } = mongoForTests();
  proveStore('MongoDB', openEmpty);
});
