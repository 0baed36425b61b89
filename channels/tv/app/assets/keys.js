// The remote control: which key a code means, and which keys the box hands to us at the moment.
(function (app) {
  'use strict';

  /** Codes that most boxes share, and those of a computer's keyboard. What a make has beside them comes from a setting. */
  var CODES = {
    13: 'OK',
    8: 'BACK',
    27: 'BACK',
    461: 'BACK',
    38: 'UP',
    40: 'DOWN',
    37: 'LEFT',
    39: 'RIGHT',
    403: 'RED',
    404: 'GREEN',
    405: 'YELLOW',
    406: 'BLUE',
  };
  /** What a box calls them itself, where it does: its word counts for more than ours. */
  var NAMES = {
    VK_ENTER: 'OK',
    VK_BACK: 'BACK',
    VK_UP: 'UP',
    VK_DOWN: 'DOWN',
    VK_LEFT: 'LEFT',
    VK_RIGHT: 'RIGHT',
    VK_RED: 'RED',
    VK_GREEN: 'GREEN',
    VK_YELLOW: 'YELLOW',
    VK_BLUE: 'BLUE',
  };
  var NUMBERS = 48;
  var NUMBER_PAD = 96;
  /** Groups of keys, as the keyset of OIPF names them. */
  var MASKS = { RED: 0x1, GREEN: 0x2, YELLOW: 0x4, BLUE: 0x8 };
  var NAVIGATION = 0x10;
  var NUMERIC = 0x100;

  /** Which key a code of this box means; null for one that is the box's own affair. */
  app.createKeys = function (extraCodes) {
    var codes = {};
    var global = typeof window.KeyEvent === 'undefined' ? window : window.KeyEvent;
    var name;
    var digit;
    for (name in CODES) codes[name] = CODES[name];
    for (digit = 0; digit <= 9; digit += 1) {
      codes[NUMBERS + digit] = String(digit);
      codes[NUMBER_PAD + digit] = String(digit);
    }
    for (name in NAMES) learn(global[name], NAMES[name]);
    for (digit = 0; digit <= 9; digit += 1) learn(global['VK_' + digit], String(digit));
    for (name in extraCodes) codes[name] = extraCodes[name];

    function learn(code, key) {
      if (typeof code === 'number' && code > 0) codes[code] = key;
    }

    return function (code) {
      return codes.hasOwnProperty(code) ? codes[code] : null;
    };
  };

  /** What a screen needs: colours only where they mean something, digits only while a code is asked. */
  app.keysetOf = function (screen) {
    var mask = NAVIGATION;
    var index;
    if (screen.entry !== null) mask += NUMERIC;
    for (index = 0; index < screen.options.length; index += 1) mask |= MASKS[screen.options[index].key] || 0;
    return mask;
  };

  /** Those of a page on which nothing but leaving can be done. */
  app.KEYSET_TO_LEAVE = NAVIGATION;

  /** The application as the box knows it. In a browser there is none, and every key comes by itself. */
  app.createBox = function () {
    var application = null;
    var asked = -1;
    try {
      application = document.getElementById('applicationManager').getOwnerApplication(document);
    } catch (_error) {
      // No HbbTV here.
    }

    function request(mask) {
      var own;
      if (application === null || mask === asked) return;
      // Boxes of the first years know it under its first name.
      own = application.privateData || application['private'];
      try {
        own.keyset.setValue(mask);
        asked = mask;
      } catch (_error) {
        // A box without keysets hands over all keys.
      }
    }

    return {
      request: request,
      show: function () {
        try {
          if (application !== null) application.show();
        } catch (_error) {
          // It is shown by itself.
        }
      },
      /** Gives the keys and the screen back to the programme. False where there is none. */
      leave: function () {
        request(0);
        if (application === null) return false;
        try {
          application.hide();
          application.destroyApplication();
        } catch (_error) {
          return false;
        }
        return true;
      },
    };
  };
})(window.guichet);
