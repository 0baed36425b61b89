// What the viewer presses, on the screen that is shown, until there is nothing more to press.
(function (app) {
  'use strict';

  /** Nothing is said of what is answered sooner. */
  var BUSY_AFTER_MS = 600;
  /** Keys that come by themselves while one is held down move the focus, and do nothing else. */
  var MOVES = { UP: -1, LEFT: -1, DOWN: 1, RIGHT: 1 };

  function begin() {
    var body = document.body;
    var session = body.getAttribute('data-session');
    var keyOf = app.createKeys(JSON.parse(body.getAttribute('data-keys')));
    var box = app.createBox();
    var glass = app.createGlass(JSON.parse(body.getAttribute('data-words')), session);
    var wire =
      session === '' ? null : app.createWire(session, { shown: shown, away: away, gone: gone, posted: posted });
    var screen = null;
    /** Index of the option that has the focus; null: the entry has it, or there is nothing to choose. */
    var focus = null;
    var typed = '';
    /** Keys that are still to be pressed, one answer after the other: they move the server's focus to ours. */
    var steps = [];
    var isBusy = false;
    var isAway = false;
    var isGone = wire === null;
    var busyTimer = 0;

    function shown(answer) {
      var fresh = answer.screen;
      var before = screen;
      if (before !== null && before.version === fresh.version) {
        steps = [];
        glass.time(fresh.expires_in);
        return;
      }
      screen = fresh;
      if (before === null || before.id !== fresh.id || fresh.entry === null) typed = '';
      if (before === null || before.id !== fresh.id || before.options.length !== fresh.options.length) {
        focus = fresh.entry !== null || fresh.options.length === 0 ? null : fresh.focus || 0;
        steps = [];
      }
      glass.draw(screen, focus, typed, choose);
      glass.focus(screen, focus, typed);
      box.request(app.keysetOf(screen));
      if (isEnd(screen)) wire.stop();
      if (steps.length > 0) press(steps.shift());
    }

    function away(isNow) {
      isAway = isNow;
      glass.away(isNow);
    }

    function gone() {
      screen = null;
      isGone = true;
      box.request(app.KEYSET_TO_LEAVE);
      glass.gone();
    }

    function posted() {
      clearTimeout(busyTimer);
      isBusy = false;
      glass.busy(false);
    }

    function send(answer) {
      if (isBusy) return;
      isBusy = true;
      busyTimer = setTimeout(function () {
        glass.busy(true);
      }, BUSY_AFTER_MS);
      answer.version = screen.version;
      wire.post(answer);
    }

    function press(key) {
      send({ key: key });
    }

    function sendTyped() {
      var value = typed;
      typed = '';
      glass.focus(screen, focus, typed);
      send({ value: value });
    }

    /** An option has a key of its own; one that has not is reached as on a box that sends every key. */
    function choose(index) {
      var option = screen.options[index];
      var from = screen.focus || 0;
      if (isBusy) return;
      focus = index;
      glass.focus(screen, focus, typed);
      if (option.key !== 'OK') {
        press(option.key);
        return;
      }
      steps = [];
      for (; from < index; from += 1) steps.push('DOWN');
      for (; from > index; from -= 1) steps.push('UP');
      steps.push('OK');
      press(steps.shift());
    }

    function move(by) {
      var last = screen.options.length - 1;
      if (last < 0) return;
      if (focus === null) focus = by > 0 ? 0 : null;
      else if (focus + by < 0) focus = screen.entry === null ? 0 : null;
      else focus = Math.min(focus + by, last);
      glass.focus(screen, focus, typed);
    }

    function type(digit) {
      if (screen.entry === null || isBusy || typed.length >= screen.entry.digits) return;
      typed += digit;
      focus = null;
      glass.focus(screen, focus, typed);
    }

    function erase() {
      typed = typed.slice(0, -1);
      glass.focus(screen, focus, typed);
    }

    function ok() {
      if (focus !== null) choose(focus);
      else if (isBusy) return;
      else if (typed !== '') sendTyped();
      else press('OK');
    }

    function leave() {
      if (box.leave()) return;
      glass.left();
    }

    function colour(key) {
      var index;
      for (index = 0; index < screen.options.length; index += 1) {
        if (screen.options[index].key === key) {
          choose(index);
          return;
        }
      }
    }

    /** Nothing can be done there but leave. */
    function isAlone() {
      return isGone || (screen === null ? isAway : isEnd(screen));
    }

    function handle(key) {
      if (isAlone()) {
        if (key === 'OK' || key === 'BACK') leave();
      } else if (screen === null) return;
      else if (key === 'LEFT' && screen.entry !== null && typed !== '') erase();
      else if (MOVES.hasOwnProperty(key)) move(MOVES[key]);
      else if (/^\d$/.test(key)) type(key);
      else if (key === 'OK') ok();
      else if (key === 'BACK') {
        if (!isBusy) press('BACK');
      } else colour(key);
    }

    document.addEventListener(
      'keydown',
      function (event) {
        var key = event.ctrlKey || event.altKey || event.metaKey ? null : keyOf(event.keyCode);
        // Digits that nobody asked for are the box's own: they change the programme.
        if (key === null || (/^\d$/.test(key) && (screen === null || screen.entry === null))) return;
        event.preventDefault();
        if (event.repeat && !MOVES.hasOwnProperty(key)) return;
        handle(key);
      },
      false
    );
    window.addEventListener(
      'unload',
      function () {
        box.request(0);
      },
      false
    );

    box.show();
    box.request(app.KEYSET_TO_LEAVE);
    if (wire !== null) wire.look();
  }

  /** All is told, and nothing is waited for. */
  function isEnd(screen) {
    return screen.kind === 'result' && screen.expires_in === null;
  }

  begin();
})(window.guichet);
