// The line to the server: waits for the next screen, says what was pressed, and goes on by itself when the network comes back. It knows no
// time of day, because the box's may be wrong: only how long something takes.
(function (app) {
  'use strict';

  /** How long a question may stay open at the server; a box in which that does not work looks again now and then instead. */
  var WAIT_SECONDS = 20;
  var ANSWER_MS = 8000;
  /** What is given up after this long was a question that stayed open, not a network that was away. */
  var OPEN_MS = 5000;
  var BROKEN_MAX = 2;
  var PAUSES_MS = [500, 1000, 2000, 4000, 8000];
  var AWAY_AFTER_MS = 3000;
  var PAUSE_BETWEEN_MS = 100;

  /** `heard`: `shown(answer)`, `away(isAway)`, `gone()` for a session that leads nowhere, and `posted()` when a key has arrived. */
  app.createWire = function (session, heard) {
    var path = '/tv/sessions/' + encodeURIComponent(session);
    var looking = null;
    var posting = null;
    var timer = 0;
    var next = null;
    var awayTimer = 0;
    var failures = 0;
    var broken = 0;
    var version = null;
    var interval = 5;
    var isOver = false;

    /** One question. `done` hears the status and the answer once: 0 for none. */
    function ask(method, address, body, patienceMs, done) {
      var request = new XMLHttpRequest();
      var isDone = false;
      var isOld = false;
      var oldTimer = setTimeout(function () {
        isOld = true;
      }, OPEN_MS);
      var patience = setTimeout(function () {
        end(0, null);
        request.abort();
      }, patienceMs);

      function end(status, answer) {
        if (isDone) return;
        isDone = true;
        clearTimeout(oldTimer);
        clearTimeout(patience);
        done(status, answer, isOld);
      }

      request.onreadystatechange = function () {
        if (request.readyState === 4) end(request.status, read(request));
      };
      request.open(method, address, true);
      request.setRequestHeader('Accept', 'application/json');
      if (body !== null) request.setRequestHeader('Content-Type', 'application/json');
      try {
        request.send(body);
      } catch (_error) {
        end(0, null);
      }
      return {
        /** Nobody hears of it any more. */
        drop: function () {
          isDone = true;
          clearTimeout(oldTimer);
          clearTimeout(patience);
          request.abort();
        },
        fail: function () {
          end(0, null);
          request.abort();
        },
      };
    }

    function later(action, delayMs) {
      clearTimeout(timer);
      next = action;
      timer = setTimeout(goOn, delayMs);
    }

    function goOn() {
      var action = next;
      clearTimeout(timer);
      next = null;
      if (action !== null) action();
    }

    /** True for an answer that is a screen; anything else is told or leads to another try. */
    function isTaken(status, answer) {
      if (status === 404 || status === 410) {
        stop();
        heard.gone();
        return false;
      }
      if (status !== 200 || answer === null || !answer.screen) return false;
      failures = 0;
      clearTimeout(awayTimer);
      awayTimer = 0;
      heard.away(false);
      version = answer.screen.version;
      if (answer.poll_interval > 0) interval = answer.poll_interval;
      return true;
    }

    function again(action) {
      var pause = PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)];
      failures += 1;
      if (awayTimer === 0) {
        awayTimer = setTimeout(function () {
          heard.away(true);
        }, AWAY_AFTER_MS);
      }
      later(action, pause);
    }

    function look() {
      var isWaiting = version !== null && broken < BROKEN_MAX && failures === 0;
      var known = version;
      var query = isWaiting ? '?wait=' + WAIT_SECONDS + '&version=' + version : '';
      var patienceMs = isWaiting ? WAIT_SECONDS * 1000 + ANSWER_MS : ANSWER_MS;
      looking = ask('GET', path + query, null, patienceMs, function (status, answer, isOld) {
        looking = null;
        if (isTaken(status, answer)) {
          // What comes back at once with nothing new was not kept open.
          if (isWaiting) broken = version === known && !isOld ? broken + 1 : 0;
          // Spread a little, so that all the boxes of a country do not come at once.
          lookLater(broken < BROKEN_MAX ? PAUSE_BETWEEN_MS : interval * (900 + Math.random() * 200));
          heard.shown(answer);
        } else if (!isOver) {
          if (isWaiting && isOld) broken += 1;
          again(look);
        }
      });
    }

    function lookLater(delayMs) {
      if (!isOver && posting === null) later(look, delayMs);
    }

    function stopLooking() {
      clearTimeout(timer);
      next = null;
      if (looking !== null) looking.drop();
      looking = null;
    }

    /** Said again with the same words until it is answered: the version that it names makes that harmless. */
    function post(body) {
      stopLooking();
      posting = ask('POST', path + '/keys', body, ANSWER_MS, function (status, answer) {
        posting = null;
        if (isTaken(status, answer)) {
          lookLater(PAUSE_BETWEEN_MS);
          heard.posted();
          heard.shown(answer);
        } else if (isOver) return;
        else if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
          // It does not want that: the screen it has now says what it wants.
          heard.posted();
          again(look);
        } else {
          again(function () {
            post(body);
          });
        }
      });
    }

    /** The box says that its network is gone: what is open will not be answered. */
    function cutOff() {
      if (posting !== null) posting.fail();
      else if (looking !== null) looking.fail();
    }

    function stop() {
      isOver = true;
      stopLooking();
      clearTimeout(awayTimer);
      heard.away(false);
    }

    window.addEventListener('offline', cutOff, false);
    window.addEventListener('online', goOn, false);

    return {
      look: look,
      post: function (body) {
        post(JSON.stringify(body));
      },
      /** Nothing will change any more. */
      stop: stop,
    };
  };

  function read(request) {
    try {
      return JSON.parse(request.responseText);
    } catch (_error) {
      // A gateway's page, or half an answer.
      return null;
    }
  }
})(window.guichet);
