using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Syntax;

/// <summary>
/// Cuts a template into texts and tags and applies Jinja's rules for white space around tags, with
/// <c>trim_blocks</c> and <c>lstrip_blocks</c> on.
/// </summary>
internal sealed class TemplateLexer
{
    private readonly string _source;
    private readonly List<TemplateToken> _tokens = [];
    private readonly LineCounter _lines;
    private int _position;

    // Whether the last tag took the line break after it, so that the next text starts a line.
    private bool _lineStarts = true;

    private TemplateLexer(string source) => (_source, _lines) = (source, new LineCounter(source));

    /// <summary>Cuts a template.</summary>
    /// <exception cref="TemplateException">A tag or string is not closed, or a character has no meaning.</exception>
    public static List<TemplateToken> Tokenize(string source)
    {
        string text = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

        // One line break at the very end is not part of a template.
        var lexer = new TemplateLexer(text.EndsWith('\n') ? text[..^1] : text);
        lexer.Run();
        return lexer._tokens;
    }

    private void Run()
    {
        while (NextTag(_position) is >= 0 and var open)
        {
            ReadTag(open);
        }

        AddData(_source[_position..]);
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
        char sign = SignAt(open + 2);
        AddData(Before(_source[_position..open], kind == '{', sign));
        _position = open + (sign == '\0' ? 2 : 3);
        if (kind == '#')
        {
            ReadComment(open);
        }
        else if (kind != '%' || !TryReadRaw())
        {
            ReadCode(kind == '%');
        }
    }

    /// <summary>The text before a tag, without the white space that the tag takes.</summary>
    private string Before(string text, bool output, char sign)
    {
        if (sign == '-')
        {
            return TextParts.Strip(text, null, left: false);
        }

        if (output || sign == '+')
        {
            return text;
        }

        int lineStart = text.LastIndexOf('\n') + 1;
        bool startsLine = lineStart > 0 || _lineStarts;
        return startsLine && IsBlank(text.AsSpan(lineStart)) ? text[..lineStart] : text;
    }

    private static bool IsBlank(ReadOnlySpan<char> text)
    {
        foreach (char unit in text)
        {
            if (!TextParts.IsSpace(unit))
            {
                return false;
            }
        }

        return true;
    }

    private void ReadComment(int open)
    {
        int close = _source.IndexOf("#}", _position, StringComparison.Ordinal);
        if (close < 0)
        {
            throw new TemplateException("a comment is not closed", _lines.At(open));
        }

        EndTag(close + 2, close > _position ? SignAt(close - 1) : '\0', trims: true);
    }

    /// <summary>Goes past a tag and the white space that it takes.</summary>
    private void EndTag(int end, char sign, bool trims)
    {
        _position = end;
        if (sign == '-')
        {
            while (_position < _source.Length && TextParts.IsSpace(_source[_position]))
            {
                _position++;
            }
        }
        else if (trims && sign != '+' && _position < _source.Length && _source[_position] == '\n')
        {
            _position++;
        }

        _lineStarts = _position > end && _source[_position - 1] == '\n';
    }

    /// <summary>The end of a block tag with this one word, or -1 where another tag is.</summary>
    private int EndOfWordTag(int at, string word, out char sign)
    {
        sign = '\0';
        int start = SkipSpaces(at);
        if (!Matches(start, word))
        {
            return -1;
        }

        int end = SkipSpaces(start + word.Length);
        sign = SignAt(end);
        end += sign == '\0' ? 0 : 1;
        return Matches(end, "%}") ? end + 2 : -1;
    }

    private bool TryReadRaw()
    {
        int end = EndOfWordTag(_position, "raw", out char sign);
        if (end < 0 || sign == '+')
        {
            return false;
        }

        EndTag(end, sign, trims: false);
        ReadRawBody(_lines.At(_position));
        return true;
    }

    private void ReadRawBody(int opened)
    {
        for (int at = _source.IndexOf("{%", _position, StringComparison.Ordinal);
            at >= 0;
            at = _source.IndexOf("{%", at + 1, StringComparison.Ordinal))
        {
            char before = SignAt(at + 2);
            int end = EndOfWordTag(at + (before == '\0' ? 2 : 3), "endraw", out char after);
            if (end >= 0)
            {
                AddData(Before(_source[_position..at], output: false, before));
                EndTag(end, after, trims: true);
                return;
            }
        }

        throw new TemplateException("a raw block is not closed", opened);
    }

    private void ReadCode(bool block)
    {
        Add(block ? TemplateTokenKind.BlockBegin : TemplateTokenKind.OutputBegin, "");
        var code = new CodeLexer(_source, _position, block, _lines, _tokens);
        int end = code.Read(out char sign);
        Add(block ? TemplateTokenKind.BlockEnd : TemplateTokenKind.OutputEnd, "");
        EndTag(end, sign, trims: block);
    }

    private char SignAt(int at) => at < _source.Length && _source[at] is ('-' or '+') ? _source[at] : '\0';

    private bool Matches(int at, string text) =>
        at <= _source.Length && _source.AsSpan(at).StartsWith(text, StringComparison.Ordinal);

    private int SkipSpaces(int at)
    {
        while (at < _source.Length && TextParts.IsSpace(_source[at]))
        {
            at++;
        }

        return at;
    }

    private void AddData(string text)
    {
        if (text.Length > 0)
        {
            Add(TemplateTokenKind.Data, text);
        }
    }

    private void Add(TemplateTokenKind kind, string text) =>
        _tokens.Add(new TemplateToken(kind, text, _lines.At(_position)));
}
