using System.Globalization;
using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Syntax;

/// <summary>Cuts the code inside a tag into names, numbers, strings and signs.</summary>
/// <param name="source">The template.</param>
/// <param name="start">Where the code starts.</param>
/// <param name="block">Whether the tag is a block, which a percent sign closes.</param>
/// <param name="lines">Counts lines.</param>
/// <param name="tokens">Receives the tokens.</param>
internal sealed class CodeLexer(string source, int start, bool block, LineCounter lines, List<TemplateToken> tokens)
{
    /// <summary>The most words and signs that a template may have; published ones have a few thousand.</summary>
    internal const int MaxTokens = 250_000;

    // Longer signs come first.
    private static readonly string[] Signs =
        ["==", "!=", "<=", ">=", "//", "**", .. "+-*/%~<>=()[]{}.,:|;".Select(sign => sign.ToString())];

    private readonly Stack<char> _open = new();
    private readonly string _close = block ? "%}" : "}}";
    private int _position = start;

    /// <summary>Reads to the end of the tag.</summary>
    /// <param name="sign">The sign before the end, or <c>\0</c>.</param>
    /// <returns>The position after the tag.</returns>
    /// <exception cref="TemplateException">The tag is not closed, or a character has no meaning.</exception>
    public int Read(out char sign)
    {
        int opened = lines.At(_position);
        while (true)
        {
            while (_position < source.Length && TextParts.IsSpace(source[_position]))
            {
                _position++;
            }

            if (_position >= source.Length)
            {
                throw new TemplateException($"a tag is not closed with {_close}", opened);
            }

            if (_open.Count == 0 && Closes(out sign))
            {
                return _position + _close.Length + (sign == '\0' ? 0 : 1);
            }

            RequireRoom();
            ReadToken();
        }
    }

    private void RequireRoom()
    {
        if (tokens.Count >= MaxTokens)
        {
            throw new TemplateException(
                string.Create(CultureInfo.InvariantCulture, $"has more than {MaxTokens} words and signs"),
                lines.At(_position));
        }
    }

    private bool Closes(out char sign)
    {
        var rest = source.AsSpan(_position);

        // Jinja knows no plus before the end of an output.
        bool signed = (rest[0] == '-' || (block && rest[0] == '+'))
            && rest[1..].StartsWith(_close, StringComparison.Ordinal);
        sign = signed ? rest[0] : '\0';
        return signed || rest.StartsWith(_close, StringComparison.Ordinal);
    }

    private void ReadToken()
    {
        char first = source[_position];
        if (char.IsAsciiDigit(first))
        {
            ReadNumber();
        }
        else if (NameEnd(_position) is var end && end > _position)
        {
            AddName(end);
        }
        else if (first is '\'' or '"')
        {
            ReadText();
        }
        else
        {
            ReadSign(first);
        }
    }

    private void AddName(int end)
    {
        string name = source[_position..end];
        if (!TextClasses.IsIdentifier(name))
        {
            throw new TemplateException($"'{name}' is not a name", lines.At(_position));
        }

        Add(TemplateTokenKind.Name, end);
    }

    private int NameEnd(int at)
    {
        while (at < source.Length)
        {
            bool pair = at + 1 < source.Length && char.IsSurrogatePair(source[at], source[at + 1]);
            int width = pair ? 2 : 1;
            if (source[at] != '_' && !TextClasses.IsAlphanumeric(source.Substring(at, width)))
            {
                break;
            }

            at += width;
        }

        return at;
    }

    private void ReadNumber()
    {
        bool afterDot = _position > 0 && source[_position - 1] == '.';
        int end = afterDot ? _position : NumberLiteral.RealEnd(source, _position);
        if (end > _position)
        {
            Add(TemplateTokenKind.Real, end);
        }
        else
        {
            Add(TemplateTokenKind.Integer, NumberLiteral.WholeEnd(source, _position));
        }
    }

    private void ReadText()
    {
        string text = StringLiteral.Read(source, _position, lines, out int end);
        tokens.Add(new TemplateToken(TemplateTokenKind.Text, text, lines.At(_position)));
        _position = end;
    }

    private void ReadSign(char first)
    {
        foreach (string sign in Signs)
        {
            if (source.AsSpan(_position).StartsWith(sign, StringComparison.Ordinal))
            {
                Balance(first);
                tokens.Add(new TemplateToken(TemplateTokenKind.Sign, sign, lines.At(_position)));
                _position += sign.Length;
                return;
            }
        }

        throw new TemplateException($"'{first}' has no meaning here", lines.At(_position));
    }

    private void Balance(char sign)
    {
        if (sign is '(' or '[' or '{')
        {
            _open.Push(sign == '(' ? ')' : sign == '[' ? ']' : '}');
        }
        else if (sign is (')' or ']' or '}') && (!_open.TryPop(out char expected) || expected != sign))
        {
            throw new TemplateException($"'{sign}' closes no bracket", lines.At(_position));
        }
    }

    private void Add(TemplateTokenKind kind, int end)
    {
        tokens.Add(new TemplateToken(kind, source[_position..end], lines.At(_position)));
        _position = end;
    }
}
