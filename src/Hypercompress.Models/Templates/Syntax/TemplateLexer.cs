using System.Globalization;
using System.Text;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Syntax;

/// <summary>Cuts a template into tokens and applies Jinja's rules for white space around tags.</summary>
internal sealed class TemplateLexer
{
    private static readonly string[] LongSigns = ["==", "!=", "<=", ">=", "//", "**"];

    private readonly string _source;
    private readonly List<TemplateToken> _tokens = [];
    private int _position;
    private int _line = 1;
    private int _counted;
    // Whether the last tag took the line break behind it, so that the next text starts a line.
    private bool _lineStarts = true;

    private TemplateLexer(string source) => _source = source;

    /// <exception cref="TemplateException">A tag or string is not closed, or a character has no meaning.</exception>
    public static List<TemplateToken> Tokenize(string source)
    {
        string text = source.Replace("\r\n", "\n", StringComparison.Ordinal);
        // One line break at the very end is not part of a template.
        var lexer = new TemplateLexer(text.EndsWith('\n') ? text[..^1] : text);
        lexer.Run();
        return lexer._tokens;
    }

    private void Run()
    {
        while (_position < _source.Length)
        {
            int open = NextTag(_position);
            if (open < 0)
            {
                AddData(_source[_position..]);
                _position = _source.Length;
                break;
            }

            ReadTag(open);
        }

        Add(TemplateTokenKind.End, "");
    }

    private int NextTag(int from)
    {
        for (int at = _source.IndexOf('{', from); at >= 0 && at + 1 < _source.Length; at = _source.IndexOf('{', at + 1))
        {
            if (_source[at + 1] is '{' or '%' or '#')
            {
                return at;
            }
        }

        return -1;
    }

    private void ReadTag(int open)
    {
        char kind = _source[open + 1];
        char sign = open + 2 < _source.Length ? _source[open + 2] : '\0';
        AddData(Before(_source[_position..open], kind, sign));
        _position = open + (sign is '-' or '+' ? 3 : 2);
        if (kind == '#')
        {
            int close = _source.IndexOf("#}", _position, StringComparison.Ordinal);
            if (close < 0)
            {
                throw new TemplateException("a comment is not closed", LineAt(open));
            }

            CloseTag(close, _source[close - 1], trims: true);
        }
        else if (kind == '%' && TryReadRaw())
        {
            return;
        }
        else
        {
            ReadCode(kind == '%');
        }
    }

    private string Before(string text, char kind, char sign)
    {
        if (sign == '-')
        {
            return text.TrimEnd();
        }

        if (kind == '{' || sign == '+')
        {
            return text;
        }

        int lineStart = text.LastIndexOf('\n') + 1;
        bool startsLine = lineStart > 0 || _lineStarts;
        return startsLine && string.IsNullOrWhiteSpace(text[lineStart..]) ? text[..lineStart] : text;
    }

    private void CloseTag(int close, char sign, bool trims)
    {
        _position = close + 2;
        int start = _position;
        if (sign == '-')
        {
            while (_position < _source.Length && char.IsWhiteSpace(_source[_position]))
            {
                _position++;
            }
        }
        else if (trims && sign != '+' && _position < _source.Length && _source[_position] == '\n')
        {
            _position++;
        }

        _lineStarts = _position > start && _source[_position - 1] == '\n';
    }

    private bool TryReadRaw()
    {
        int word = SkipSpaces(_position);
        if (!_source.AsSpan(word).StartsWith("raw", StringComparison.Ordinal))
        {
            return false;
        }

        int end = SkipSpaces(word + 3);
        char sign = end < _source.Length ? _source[end] : '\0';
        int close = sign is '-' or '+' ? end + 1 : end;
        if (!_source.AsSpan(close).StartsWith("%}", StringComparison.Ordinal))
        {
            return false;
        }

        CloseTag(close, sign, trims: true);
        ReadRawBody();
        return true;
    }

    private void ReadRawBody()
    {
        for (int at = _source.IndexOf("{%", _position, StringComparison.Ordinal);
            at >= 0;
            at = _source.IndexOf("{%", at + 1, StringComparison.Ordinal))
        {
            char before = at + 2 < _source.Length ? _source[at + 2] : '\0';
            int word = SkipSpaces(before is '-' or '+' ? at + 3 : at + 2);
            if (!_source.AsSpan(word).StartsWith("endraw", StringComparison.Ordinal))
            {
                continue;
            }

            int end = SkipSpaces(word + 6);
            char after = end < _source.Length ? _source[end] : '\0';
            AddData(Before(_source[_position..at], '%', before));
            CloseTag(after is '-' or '+' ? end + 1 : end, after, trims: true);
            return;
        }

        throw new TemplateException("a raw block is not closed", LineAt(_position));
    }

    private int SkipSpaces(int from)
    {
        while (from < _source.Length && char.IsWhiteSpace(_source[from]))
        {
            from++;
        }

        return from;
    }

    private void ReadCode(bool block)
    {
        string close = block ? "%}" : "}}";
        Add(block ? TemplateTokenKind.BlockBegin : TemplateTokenKind.OutputBegin, "");
        int opened = LineAt(_position);
        int depth = 0;
        while (true)
        {
            _position = SkipSpaces(_position);
            if (_position >= _source.Length)
            {
                throw new TemplateException($"a tag is not closed with {close}", opened);
            }

            if (depth == 0 && ClosesHere(close, out char sign))
            {
                Add(block ? TemplateTokenKind.BlockEnd : TemplateTokenKind.OutputEnd, "");
                CloseTag(_position + (sign == '\0' ? 0 : 1), sign, trims: block);
                return;
            }

            depth += ReadToken();
        }
    }

    private bool ClosesHere(string close, out char sign)
    {
        var rest = _source.AsSpan(_position);
        sign = rest[0] is '-' or '+' && rest[1..].StartsWith(close, StringComparison.Ordinal) ? rest[0] : '\0';
        return sign != '\0' || rest.StartsWith(close, StringComparison.Ordinal);
    }

    /// <summary>Reads one token; the result is the change of bracket depth.</summary>
    private int ReadToken()
    {
        char first = _source[_position];
        if (char.IsAsciiLetter(first) || first == '_')
        {
            AddWhile(TemplateTokenKind.Name, unit => char.IsAsciiLetterOrDigit(unit) || unit == '_');
            return 0;
        }

        if (char.IsAsciiDigit(first))
        {
            ReadNumber();
            return 0;
        }

        if (first is '\'' or '"')
        {
            ReadText(first);
            return 0;
        }

        return ReadSign(first);
    }

    private int ReadSign(char first)
    {
        string? sign = LongSigns.FirstOrDefault(
            candidate => _source.AsSpan(_position).StartsWith(candidate, StringComparison.Ordinal));
        if (sign is null && !"+-*/%~<>=()[]{}.,:|".Contains(first, StringComparison.Ordinal))
        {
            throw new TemplateException($"'{first}' has no meaning here", LineAt(_position));
        }

        sign ??= first.ToString();
        Add(TemplateTokenKind.Sign, sign);
        _position += sign.Length;
        return sign is "(" or "[" or "{" ? 1 : sign is ")" or "]" or "}" ? -1 : 0;
    }

    private void ReadNumber()
    {
        int end = _position;
        while (end < _source.Length && (char.IsAsciiDigit(_source[end]) || _source[end] == '_'))
        {
            end++;
        }

        bool real = end + 1 < _source.Length && _source[end] == '.' && char.IsAsciiDigit(_source[end + 1]);
        if (real)
        {
            end++;
            while (end < _source.Length && char.IsAsciiDigit(_source[end]))
            {
                end++;
            }
        }

        string digits = _source[_position..end].Replace("_", "", StringComparison.Ordinal);
        Add(real ? TemplateTokenKind.Real : TemplateTokenKind.Integer, digits);
        _position = end;
    }

    private void ReadText(char quote)
    {
        var text = new StringBuilder();
        int at = _position + 1;
        while (at < _source.Length && _source[at] != quote)
        {
            if (_source[at] == '\\' && at + 1 < _source.Length)
            {
                at = ReadEscape(at + 1, text);
            }
            else
            {
                text.Append(_source[at++]);
            }
        }

        if (at >= _source.Length)
        {
            throw new TemplateException("a string is not closed", LineAt(_position));
        }

        Add(TemplateTokenKind.Text, text.ToString());
        _position = at + 1;
    }

    private int ReadEscape(int at, StringBuilder text)
    {
        char sign = _source[at];
        int digits = sign switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0)
        {
            bool valid = at + digits < _source.Length && uint.TryParse(_source.AsSpan(at + 1, digits),
                NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint code) && code <= 0x10FFFF;
            if (!valid)
            {
                throw new TemplateException($"'\\{sign}' is not followed by a character code", LineAt(at));
            }

            AppendCode(Convert.ToInt32(_source.Substring(at + 1, digits), 16), text);
            return at + 1 + digits;
        }

        text.Append(sign switch
        {
            'n' => "\n",
            't' => "\t",
            'r' => "\r",
            'b' => "\b",
            'f' => "\f",
            'v' => "\v",
            '0' => "\0",
            '\\' or '\'' or '"' => sign.ToString(),
            '\n' => "",
            _ => "\\" + sign,
        });
        return at + 1;
    }

    private static void AppendCode(int code, StringBuilder text)
    {
        if (Rune.IsValid(code))
        {
            text.Append(new Rune(code));
        }
        else
        {
            text.Append((char)code);
        }
    }

    private void AddWhile(TemplateTokenKind kind, Func<char, bool> belongs)
    {
        int end = _position;
        while (end < _source.Length && belongs(_source[end]))
        {
            end++;
        }

        Add(kind, _source[_position..end]);
        _position = end;
    }

    private void AddData(string text)
    {
        if (text.Length > 0)
        {
            Add(TemplateTokenKind.Data, text);
        }
    }

    private void Add(TemplateTokenKind kind, string text) =>
        _tokens.Add(new TemplateToken(kind, text, LineAt(_position)));

    private int LineAt(int position)
    {
        // Positions only grow but for complaints, so every character is counted once.
        if (position >= _counted)
        {
            _line += _source.AsSpan(_counted, position - _counted).Count('\n');
            _counted = position;
        }

        return _line;
    }
}
