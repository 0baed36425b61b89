// A screen on the glass: few elements, put in place once and filled again. Nothing here decides anything.
(function (app) {
  'use strict';

  var COLOURS = { RED: 'red', GREEN: 'green', YELLOW: 'yellow', BLUE: 'blue' };
  /** Above it the list takes smaller steps. */
  var ROOMY_MAX = 4;
  /** Less time than this is told, in seconds. */
  var HURRY_SECONDS = 900;

  function find(id) {
    return document.getElementById(id);
  }

  function reveal(id, isThere) {
    find(id).style.display = isThere ? 'block' : 'none';
  }

  /** A part without words takes no room. */
  function put(id, text) {
    var part = find(id);
    if (part.textContent !== text) part.textContent = text;
    reveal(id, text !== '');
  }

  function make(kind, className, text) {
    var part = document.createElement(kind);
    part.className = className;
    part.textContent = text;
    return part;
  }

  function plain(address) {
    return address.replace(/^https?:\/\//, '');
  }

  app.createGlass = function (words, session) {
    var language = null;
    var seconds = null;
    var picture = '';
    var spoken = '';

    function say(key, value) {
      var both = [];
      var name;
      if (language !== null) return words[language][key].replace('{0}', value);
      for (name in words) both.push(words[name][key].replace('{0}', value));
      return both.join(' · ');
    }

    function speak(text) {
      // Said again only when it is something else.
      if (text !== spoken) find('speech').textContent = text;
      spoken = text;
    }

    function speakLanguage(name) {
      language = name;
      document.documentElement.setAttribute('lang', name);
      document.documentElement.setAttribute('xml:lang', name);
    }

    function optionOf(option, index, isFocused, choose) {
      var row = make('div', isFocused ? 'option focused' : 'option', '');
      var colour = COLOURS[option.key];
      row.setAttribute('role', 'button');
      row.setAttribute('tabindex', '-1');
      row.appendChild(make('span', 'label', option.label));
      if (colour !== undefined) row.appendChild(make('span', 'colour ' + colour, say(colour)));
      row.onclick = function () {
        choose(index);
      };
      return row;
    }

    function drawOptions(screen, focus, choose) {
      var list = find('options');
      var isRow = screen.kind !== 'choose' && screen.kind !== 'confirm';
      var index;
      while (list.firstChild !== null) list.removeChild(list.firstChild);
      list.className = isRow ? 'row' : screen.options.length > ROOMY_MAX ? 'list many' : 'list';
      for (index = 0; index < screen.options.length; index += 1) {
        list.appendChild(optionOf(screen.options[index], index, index === focus, choose));
      }
      reveal('options', screen.options.length > 0);
    }

    function drawEntry(screen, typed, hasFocus) {
      var shown = '';
      var index;
      if (screen.entry !== null) {
        for (index = 0; index < typed.length; index += 1) {
          shown += (index === 0 ? '' : ' ') + (screen.entry.secret ? '\u25CF' : typed.charAt(index));
        }
        find('entry').setAttribute('aria-label', say('entered', String(typed.length)));
      }
      find('entry').textContent = shown;
      find('entry').className = hasFocus ? 'focused' : '';
      reveal('entry', screen.entry !== null);
    }

    function drawHandover(screen) {
      var handover = screen.handover;
      var image = find('qr');
      reveal('handover', handover !== null);
      reveal('ways', handover !== null);
      if (handover === null) return;
      // Drawn by the server: not every box has a canvas.
      if (picture !== handover.qr) {
        image.setAttribute('src', '/tv/app/qr.gif?session=' + encodeURIComponent(session) + '&for=' + screen.version);
      }
      picture = handover.qr;
      image.setAttribute('alt', say('picture'));
      way('address', /^https?:/.test(handover.url) ? plain(handover.url) : null);
      way('code', handover.code);
      way('telephone', handover.telephone);
    }

    /** One more way to the telephone, for who cannot scan; none where there is not. */
    function way(id, text) {
      put(id, text === null ? '' : text);
      put(id + '-name', text === null ? '' : say(id));
    }

    function drawHints(screen) {
      var hints = [];
      if (screen.entry !== null) hints.push(say('confirm'), say('erase'));
      else if (screen.options.length > 0) hints.push(say('choose'));
      if (screen.kind === 'result' && screen.expires_in === null) hints.push(say('leave'));
      else if (screen.kind !== 'wait') hints.push(say('back'));
      put('hints', hints.join('   '));
    }

    function drawTime() {
      var isShort = seconds !== null && seconds > 0 && seconds <= HURRY_SECONDS;
      if (!isShort) put('time', '');
      else put('time', seconds < 60 ? say('last_minute') : say('minutes', String(Math.ceil(seconds / 60))));
    }

    setInterval(function () {
      if (seconds === null || seconds <= 0) return;
      seconds -= 1;
      drawTime();
    }, 1000);

    /** A page without anything to choose. */
    function drawAlone(title, text) {
      drawOptions({ kind: 'result', options: [] }, null, null);
      reveal('entry', false);
      reveal('handover', false);
      reveal('ways', false);
      find('glass').className = 'alone';
      put('title', title);
      put('text', text);
      put('hints', say('leave'));
      put('time', '');
      speak(title + ' ' + text);
    }

    return {
      draw: function (screen, focus, typed, choose) {
        speakLanguage(screen.language);
        find('glass').className = [screen.kind, screen.id, screen.status].join(' ');
        put('merchant', screen.merchant);
        put('amount', screen.amount_text);
        put('title', screen.title);
        put('text', screen.text);
        drawEntry(screen, typed, screen.entry !== null && focus === null);
        drawHandover(screen);
        drawOptions(screen, focus, choose);
        drawHints(screen);
        seconds = screen.expires_in;
        drawTime();
        speak(screen.speech);
      },
      /** The place of the next key, for eyes and for whoever listens to the focus. */
      focus: function (screen, focus, typed) {
        var rows = find('options').childNodes;
        var index;
        for (index = 0; index < rows.length; index += 1) {
          rows[index].className = index === focus ? 'option focused' : 'option';
        }
        drawEntry(screen, typed, screen.entry !== null && focus === null);
        // In a frame, whoever presses keys beside it keeps the keyboard.
        if (typeof document.hasFocus === 'function' && !document.hasFocus()) return;
        if (focus !== null && rows[focus] !== undefined) rows[focus].focus();
        else if (screen.entry !== null) find('entry').focus();
        else find('title').focus();
      },
      time: function (expiresIn) {
        seconds = expiresIn;
        drawTime();
      },
      away: function (isAway) {
        put('away', isAway ? say('away') : '');
      },
      /** Something was pressed and is not answered yet. */
      busy: function (isBusy) {
        put('busy', isBusy ? say('busy') : '');
      },
      gone: function () {
        drawAlone(say('gone'), say('gone_how'));
      },
      left: function () {
        drawAlone(say('left'), say('left_how'));
        put('hints', '');
      },
    };
  };
})(window.guichet);
