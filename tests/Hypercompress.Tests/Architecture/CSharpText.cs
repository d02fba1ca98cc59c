using System.Text;

namespace Hypercompress.Tests.Architecture;

/// <summary>Takes comments and quoted text out of C#; code in the holes of interpolated strings stays.</summary>
internal sealed class CSharpText
{
    private readonly string _source;
    private readonly StringBuilder _code = new();
    private int _at;

    private CSharpText(string source) => _source = source;

    /// <summary>The code of a source text.</summary>
    public static string OnlyCode(string source)
    {
        var text = new CSharpText(source);
        text.ReadCode(inHole: false);
        return text._code.ToString();
    }

    private char Peek(int ahead = 0) => _at + ahead < _source.Length ? _source[_at + ahead] : '\0';

    private void ReadCode(bool inHole)
    {
        int depth = 0;
        while (_at < _source.Length)
        {
            char next = Peek();
            if (inHole && next == '}' && depth-- == 0)
            {
                return;
            }

            depth += inHole && next == '{' ? 1 : 0;
            if (!SkipComment() && !SkipString() && !SkipCharacter())
            {
                _code.Append(next);
                _at++;
            }
        }
    }

    private bool SkipComment()
    {
        string? end = (Peek(), Peek(1)) switch
        {
            ('/', '/') => "\n",
            ('/', '*') => "*/",
            _ => null,
        };
        if (end is null)
        {
            return false;
        }

        int found = _source.IndexOf(end, _at + 2, StringComparison.Ordinal);
        int stop = found < 0 ? _source.Length : found + (end == "\n" ? 0 : end.Length);
        _code.Append('\n', _source.AsSpan(_at, stop - _at).Count('\n'));
        _at = stop;
        return true;
    }

    private bool SkipCharacter()
    {
        if (Peek() != '\'')
        {
            return false;
        }

        int close = _source.IndexOf('\'', _at + (Peek(1) == '\\' ? 3 : 2));
        _at = close < 0 ? _source.Length : close + 1;
        _code.Append("' '");
        return true;
    }

    private bool SkipString()
    {
        int prefix = 0;
        while (Peek(prefix) is '$' or '@')
        {
            prefix++;
        }

        if (Peek(prefix) != '"')
        {
            return false;
        }

        ReadOnlySpan<char> marks = _source.AsSpan(_at, prefix);
        (int dollars, bool verbatim) = (marks.Count('$'), marks.Contains('@'));
        _at += prefix;
        int quotes = Run('"');
        _code.Append("\"\"");
        if (quotes == 2 || (verbatim && quotes % 2 == 0))
        {
            _at += quotes;
        }
        else
        {
            bool raw = quotes >= 3 && !verbatim;
            _at += raw ? quotes : 1;
            ReadString(dollars, verbatim, raw ? quotes : 0);
        }

        return true;
    }

    private int Run(char mark)
    {
        int count = 0;
        while (Peek(count) == mark)
        {
            count++;
        }

        return count;
    }

    private void ReadString(int dollars, bool verbatim, int rawQuotes)
    {
        while (_at < _source.Length)
        {
            switch (Peek())
            {
                case '"' when rawQuotes > 0:
                    int run = Run('"');
                    _at += run;
                    if (run >= rawQuotes)
                    {
                        return;
                    }

                    break;
                case '"' when verbatim && Peek(1) == '"':
                case '\\' when !verbatim && rawQuotes == 0:
                    _at += 2;
                    break;
                case '"':
                    _at++;
                    return;
                case '{' when dollars > 0:
                    ReadHole(dollars, rawQuotes > 0);
                    break;
                case '\n':
                    _code.Append('\n');
                    _at++;
                    break;
                default:
                    _at++;
                    break;
            }
        }
    }

    private void ReadHole(int dollars, bool raw)
    {
        int braces = Run('{');
        int opening = raw ? dollars : 1;
        bool isText = raw ? braces < dollars : braces % 2 == 0;
        _at += braces;
        if (isText)
        {
            return;
        }

        _code.Append('(');
        ReadCode(inHole: true);
        _code.Append(')');
        _at += Math.Min(opening, Run('}'));
    }
}
