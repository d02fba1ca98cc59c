using System.Text;
using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Rendering;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Syntax;

/// <summary>Parses names, literals and brackets.</summary>
/// <param name="state">What the parsers share.</param>
/// <param name="expressions">Parses what is in brackets.</param>
internal sealed class LiteralParser(ParserState state, ExpressionParser expressions)
{
    private readonly TokenCursor _cursor = state.Cursor;

    /// <summary>One of them.</summary>
    public TemplateEvaluate Parse()
    {
        var token = _cursor.Take();
        return token.Kind switch
        {
            TemplateTokenKind.Name => ParseName(token.Text),
            TemplateTokenKind.Text => Constant(ParseTexts(token.Text)),
            TemplateTokenKind.Integer => Constant(NumberLiteral.Whole(token.Text, token.Line)),
            TemplateTokenKind.Real => Constant(NumberLiteral.Real(token.Text)),
            TemplateTokenKind.Sign when token.Text == "(" => ParseParentheses(),
            TemplateTokenKind.Sign when token.Text == "[" => ParseList(),
            TemplateTokenKind.Sign when token.Text == "{" => ParseMap(),
            _ => throw new TemplateException($"'{token.Text}' cannot start an expression", token.Line),
        };
    }

    private static TemplateEvaluate Constant(object? value) => _ => value;

    private TemplateEvaluate ParseName(string name)
    {
        state.Use(name);
        return name switch
        {
            "true" or "True" => Constant(true),
            "false" or "False" => Constant(false),
            "none" or "None" => Constant(null),
            _ => scope => scope.Get(name),
        };
    }

    private string ParseTexts(string first)
    {
        if (_cursor.Current.Kind != TemplateTokenKind.Text)
        {
            return first;
        }

        var text = new StringBuilder(first);
        while (_cursor.Current.Kind == TemplateTokenKind.Text)
        {
            text.Append(_cursor.Take().Text);
        }

        return text.ToString();
    }

    private TemplateEvaluate ParseParentheses()
    {
        var value = expressions.ParseTuple(inBrackets: true);
        _cursor.ExpectSign(")");
        return value;
    }

    private TemplateEvaluate ParseList()
    {
        var items = new List<TemplateEvaluate>();
        while (!_cursor.TrySign("]"))
        {
            items.Add(expressions.Parse());
            if (!_cursor.IsSign("]"))
            {
                _cursor.ExpectSign(",");
            }
        }

        return ExpressionParser.Node(scope =>
        {
            scope.Run.ReserveItems(items.Count);
            return new TemplateList(items.ConvertAll(item => item(scope)));
        });
    }

    private TemplateEvaluate ParseMap()
    {
        var entries = new List<(TemplateEvaluate Key, TemplateEvaluate Value)>();
        while (!_cursor.TrySign("}"))
        {
            var key = expressions.Parse();
            _cursor.ExpectSign(":");
            entries.Add((key, expressions.Parse()));
            if (!_cursor.IsSign("}"))
            {
                _cursor.ExpectSign(",");
            }
        }

        return ExpressionParser.Node(scope => Make(entries, scope));
    }

    private static TemplateMap Make(List<(TemplateEvaluate Key, TemplateEvaluate Value)> entries, TemplateScope scope)
    {
        scope.Run.ReserveItems(entries.Count);
        var map = new TemplateMap(new PythonEquality(scope.Run));
        foreach (var (key, value) in entries)
        {
            map.Set(key(scope), value(scope));
        }

        return map;
    }
}
