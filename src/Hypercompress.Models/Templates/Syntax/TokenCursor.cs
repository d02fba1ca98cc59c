using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Syntax;

/// <summary>A place in the tokens of a template.</summary>
internal sealed class TokenCursor(IReadOnlyList<TemplateToken> tokens)
{
    // Brackets and operators nest by recursion; no real template comes near this.
    private const int MaxDepth = 200;

    private int _position;
    private int _depth;

    public TemplateToken Current => tokens[_position];

    public int Line => Current.Line;

    public TemplateToken Take() => tokens[_position < tokens.Count - 1 ? _position++ : _position];

    public bool IsSign(string sign) => Current.Kind == TemplateTokenKind.Sign && Current.Text == sign;

    public bool IsName(string name) => Current.Kind == TemplateTokenKind.Name && Current.Text == name;

    /// <summary>Whether the token after the current one is this name.</summary>
    public bool NextIsName(string name) => _position + 1 < tokens.Count
        && tokens[_position + 1] is { Kind: TemplateTokenKind.Name } next && next.Text == name;

    /// <summary>Whether the token after the current one is an equals sign.</summary>
    public bool NextIsAssignment() => _position + 1 < tokens.Count
        && tokens[_position + 1] is { Kind: TemplateTokenKind.Sign, Text: "=" };

    public bool TrySign(string sign) => IsSign(sign) && Skip();

    public bool TryName(string name) => IsName(name) && Skip();

    public string ExpectName() => Current.Kind == TemplateTokenKind.Name ? Take().Text : throw Unexpected("a name");

    public void ExpectSign(string sign)
    {
        if (!TrySign(sign))
        {
            throw Unexpected($"'{sign}'");
        }
    }

    public void ExpectName(string name)
    {
        if (!TryName(name))
        {
            throw Unexpected($"'{name}'");
        }
    }

    public void Expect(TemplateTokenKind kind)
    {
        if (Current.Kind != kind)
        {
            throw Unexpected($"{kind}");
        }

        Take();
    }

    public TemplateException Unexpected(string wanted) => new(
        $"expected {wanted}, found {(Current.Text.Length > 0 ? $"'{Current.Text}'" : Current.Kind.ToString())}", Line);

    public void Enter()
    {
        if (++_depth > MaxDepth)
        {
            throw new TemplateException($"is nested more than {MaxDepth} deep", Line);
        }
    }

    public void Leave() => _depth--;

    private bool Skip()
    {
        Take();
        return true;
    }
}
