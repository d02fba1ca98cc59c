using System.Globalization;
using System.Runtime.CompilerServices;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Syntax;

/// <summary>A position in the tokens of a template.</summary>
/// <param name="tokens">The tokens; the last one is the end.</param>
internal sealed class TokenCursor(IReadOnlyList<TemplateToken> tokens)
{
    // Brackets and blocks nest by recursion; no real template comes near this.
    private const int MaxDepth = 200;
    private const int MaxLinks = 1000;

    private int _position;
    private int _depth;

    /// <summary>The current token.</summary>
    public TemplateToken Current => tokens[_position];

    /// <summary>The line of the current token.</summary>
    public int Line => Current.Line;

    /// <summary>Goes past the current token and returns it.</summary>
    public TemplateToken Take() => tokens[_position < tokens.Count - 1 ? _position++ : _position];

    /// <summary>Whether the current token is this sign.</summary>
    public bool IsSign(string sign) => Current.Kind == TemplateTokenKind.Sign && Current.Text == sign;

    /// <summary>Whether the current token is this name.</summary>
    public bool IsName(string name) => Current.Kind == TemplateTokenKind.Name && Current.Text == name;

    /// <summary>Whether the token after the current one is this name.</summary>
    public bool NextIsName(string name) => Next() is { Kind: TemplateTokenKind.Name } next && next.Text == name;

    /// <summary>Whether the token after the current one is this sign.</summary>
    public bool NextIsSign(string sign) => Next() is { Kind: TemplateTokenKind.Sign } next && next.Text == sign;

    /// <summary>Goes past this sign if it is the current token.</summary>
    public bool TrySign(string sign) => IsSign(sign) && Skip();

    /// <summary>Goes past this name if it is the current token.</summary>
    public bool TryName(string name) => IsName(name) && Skip();

    /// <summary>Takes a name.</summary>
    /// <exception cref="TemplateException">The current token is not a name.</exception>
    public string ExpectName() => Current.Kind == TemplateTokenKind.Name ? Take().Text : throw Unexpected("a name");

    /// <summary>Goes past this sign.</summary>
    /// <exception cref="TemplateException">The current token is another one.</exception>
    public void ExpectSign(string sign)
    {
        if (!TrySign(sign))
        {
            throw Unexpected($"'{sign}'");
        }
    }

    /// <summary>Goes past this name.</summary>
    /// <exception cref="TemplateException">The current token is another one.</exception>
    public void ExpectName(string name)
    {
        if (!TryName(name))
        {
            throw Unexpected($"'{name}'");
        }
    }

    /// <summary>Goes past a token of a kind.</summary>
    /// <exception cref="TemplateException">The current token is of another kind.</exception>
    public void Expect(TemplateTokenKind kind)
    {
        if (Current.Kind != kind)
        {
            throw Unexpected($"{kind}");
        }

        Take();
    }

    /// <summary>The error that something else was expected.</summary>
    public TemplateException Unexpected(string wanted) => new(
        $"expected {wanted}, found {(Current.Text.Length > 0 ? $"'{Current.Text}'" : Current.Kind.ToString())}", Line);

    /// <summary>Counts a bracket or block that opens; <see cref="Leave"/> ends it.</summary>
    /// <exception cref="TemplateException">Too many are open.</exception>
    public void Enter()
    {
        if (++_depth > MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new TemplateException(
                string.Create(CultureInfo.InvariantCulture, $"is nested more than {MaxDepth} deep"), Line);
        }
    }

    /// <summary>Ends what <see cref="Enter"/> counted.</summary>
    public void Leave() => _depth--;

    /// <summary>Counts one more operator of a chain such as <c>a.b.c</c> or <c>a + b + c</c>.</summary>
    /// <exception cref="TemplateException">The chain is too long.</exception>
    public void Link(ref int links)
    {
        if (++links > MaxLinks)
        {
            throw new TemplateException(
                string.Create(CultureInfo.InvariantCulture, $"an expression has more than {MaxLinks} links"), Line);
        }
    }

    private TemplateToken? Next() => _position + 1 < tokens.Count ? tokens[_position + 1] : null;

    private bool Skip()
    {
        Take();
        return true;
    }
}
