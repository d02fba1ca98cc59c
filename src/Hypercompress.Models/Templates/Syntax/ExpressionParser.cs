using System.Globalization;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Syntax;

/// <summary>Parses expressions, with Jinja's precedence.</summary>
internal sealed class ExpressionParser(TokenCursor cursor)
{
    /// <summary>A whole expression: <c>a if b else c</c> binds weakest.</summary>
    public TemplateEvaluate Parse()
    {
        cursor.Enter();
        var value = ParseOr();
        while (cursor.TryName("if"))
        {
            var chosen = value;
            var condition = ParseOr();
            TemplateEvaluate otherwise = cursor.TryName("else") ? Parse() : _ => Undefined.Value;
            value = scope => TemplateValues.IsTrue(condition(scope)) ? chosen(scope) : otherwise(scope);
        }

        cursor.Leave();
        return value;
    }

    /// <summary>An expression, or several with commas between, which make a list.</summary>
    public TemplateEvaluate ParseTuple()
    {
        var first = Parse();
        if (!cursor.IsSign(","))
        {
            return first;
        }

        var items = new List<TemplateEvaluate> { first };
        while (cursor.TrySign(",") && cursor.Current.Kind != TemplateTokenKind.BlockEnd && !cursor.IsSign(")"))
        {
            items.Add(Parse());
        }

        return ListOf(items);
    }

    /// <summary>An expression without <c>if</c>, for the source of a loop that has a condition.</summary>
    public TemplateEvaluate ParseOr()
    {
        var left = ParseAnd();
        while (cursor.TryName("or"))
        {
            var (first, second) = (left, ParseAnd());
            left = scope => first(scope) is var value && TemplateValues.IsTrue(value) ? value : second(scope);
        }

        return left;
    }

    private static TemplateEvaluate ListOf(List<TemplateEvaluate> items) =>
        scope => items.Select(item => item(scope)).ToList();

    private TemplateEvaluate ParseAnd()
    {
        var left = ParseNot();
        while (cursor.TryName("and"))
        {
            var (first, second) = (left, ParseNot());
            left = scope => first(scope) is var value && !TemplateValues.IsTrue(value) ? value : second(scope);
        }

        return left;
    }

    private TemplateEvaluate ParseNot()
    {
        if (!cursor.TryName("not"))
        {
            return ParseComparison();
        }

        cursor.Enter();
        var value = ParseNot();
        cursor.Leave();
        return scope => !TemplateValues.IsTrue(value(scope));
    }

    private TemplateEvaluate ParseComparison()
    {
        var first = ParseSum();
        var rest = new List<(string Sign, TemplateEvaluate Value)>();
        while (ComparisonSign() is { } sign)
        {
            rest.Add((sign, ParseSum()));
        }

        return rest.Count == 0 ? first : scope => Compare(scope, first, rest);
    }

    private static object? Compare(
        TemplateScope scope, TemplateEvaluate first, List<(string Sign, TemplateEvaluate Value)> rest)
    {
        var left = first(scope);
        foreach (var (sign, value) in rest)
        {
            var right = value(scope);
            if (!TemplateOperators.Compare(sign, left, right))
            {
                return false;
            }

            left = right;
        }

        return true;
    }

    private string? ComparisonSign()
    {
        if (cursor.IsName("not") && cursor.NextIsName("in"))
        {
            cursor.Take();
            cursor.Take();
            return "not in";
        }

        bool sign = cursor.Current.Kind == TemplateTokenKind.Sign
            && cursor.Current.Text is "==" or "!=" or "<" or ">" or "<=" or ">=";
        return sign || cursor.IsName("in") ? cursor.Take().Text : null;
    }

    private TemplateEvaluate ParseSum() => ParseBinary(ParseJoin, "+", "-");

    private TemplateEvaluate ParseJoin() => ParseBinary(ParseProduct, "~");

    private TemplateEvaluate ParseProduct() => ParseBinary(ParsePower, "*", "/", "//", "%");

    private TemplateEvaluate ParsePower() => ParseBinary(() => ParseUnary(withFilters: true), "**");

    private TemplateEvaluate ParseBinary(Func<TemplateEvaluate> operand, params string[] signs)
    {
        var left = operand();
        while (cursor.Current.Kind == TemplateTokenKind.Sign && signs.Contains(cursor.Current.Text))
        {
            string sign = cursor.Take().Text;
            var (first, second) = (left, operand());
            left = scope => TemplateOperators.Apply(sign, first(scope), second(scope));
        }

        return left;
    }

    private TemplateEvaluate ParseUnary(bool withFilters)
    {
        TemplateEvaluate value;
        if (cursor.IsSign("-") || cursor.IsSign("+"))
        {
            string sign = cursor.Take().Text;
            cursor.Enter();
            var operand = ParseUnary(withFilters: false);
            cursor.Leave();
            value = scope => TemplateOperators.Apply(sign, 0L, operand(scope));
        }
        else
        {
            value = ParsePostfix(ParsePrimary());
        }

        return withFilters ? ParseFilters(value) : value;
    }

    private TemplateEvaluate ParsePrimary()
    {
        var token = cursor.Take();
        switch (token.Kind)
        {
            case TemplateTokenKind.Name:
                return ParseName(token.Text);
            case TemplateTokenKind.Text:
                string text = token.Text;
                while (cursor.Current.Kind == TemplateTokenKind.Text)
                {
                    text += cursor.Take().Text;
                }

                return _ => text;
            case TemplateTokenKind.Integer:
                return long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out long whole)
                    ? _ => whole
                    : throw new TemplateException($"{token.Text} is too large", token.Line);
            case TemplateTokenKind.Real:
                double real = double.Parse(token.Text, CultureInfo.InvariantCulture);
                return _ => real;
            case TemplateTokenKind.Sign when token.Text == "(":
                return ParseParentheses();
            case TemplateTokenKind.Sign when token.Text == "[":
                return ListOf(ParseItems("]"));
            case TemplateTokenKind.Sign when token.Text == "{":
                return ParseMap();
            default:
                throw new TemplateException($"'{token.Text}' cannot start an expression", token.Line);
        }
    }

    private static TemplateEvaluate ParseName(string name) => name switch
    {
        "true" or "True" => _ => true,
        "false" or "False" => _ => false,
        "none" or "None" => _ => null,
        _ => scope => scope.Get(name),
    };

    private TemplateEvaluate ParseParentheses()
    {
        if (cursor.TrySign(")"))
        {
            return ListOf([]);
        }

        var value = ParseTuple();
        cursor.ExpectSign(")");
        return value;
    }

    private List<TemplateEvaluate> ParseItems(string close)
    {
        var items = new List<TemplateEvaluate>();
        while (!cursor.TrySign(close))
        {
            items.Add(Parse());
            if (!cursor.IsSign(close))
            {
                cursor.ExpectSign(",");
            }
        }

        return items;
    }

    private TemplateEvaluate ParseMap()
    {
        var entries = new List<(TemplateEvaluate Key, TemplateEvaluate Value)>();
        while (!cursor.TrySign("}"))
        {
            var key = Parse();
            cursor.ExpectSign(":");
            entries.Add((key, Parse()));
            if (!cursor.IsSign("}"))
            {
                cursor.ExpectSign(",");
            }
        }

        return scope =>
        {
            var map = new TemplateMap();
            foreach (var (key, value) in entries)
            {
                map[TemplateValues.Text(key(scope))] = value(scope);
            }

            return map;
        };
    }

    private TemplateEvaluate ParsePostfix(TemplateEvaluate value)
    {
        while (true)
        {
            var target = value;
            if (cursor.TrySign("."))
            {
                bool place = cursor.Current.Kind == TemplateTokenKind.Integer;
                string name = place ? cursor.Take().Text : cursor.ExpectName();
                value = scope => TemplateValues.Attribute(target(scope), name);
            }
            else if (cursor.TrySign("["))
            {
                value = ParseSubscript(target);
            }
            else if (cursor.IsSign("("))
            {
                value = ParseCall(target);
            }
            else
            {
                return value;
            }
        }
    }

    private TemplateEvaluate ParseSubscript(TemplateEvaluate target)
    {
        var bounds = new List<TemplateEvaluate?>();
        bool slice = false;
        bounds.Add(cursor.IsSign(":") ? null : Parse());
        while (cursor.TrySign(":"))
        {
            slice = true;
            bounds.Add(cursor.IsSign(":") || cursor.IsSign("]") ? null : Parse());
        }

        cursor.ExpectSign("]");
        if (!slice)
        {
            var key = bounds[0]!;
            return scope => TemplateValues.Item(target(scope), key(scope));
        }

        return scope => TemplateSlices.Slice(target(scope), Bound(0, scope), Bound(1, scope), Bound(2, scope));

        object? Bound(int place, TemplateScope scope) => place < bounds.Count ? bounds[place]?.Invoke(scope) : null;
    }

    private TemplateEvaluate ParseCall(TemplateEvaluate target)
    {
        var arguments = ParseArguments();
        return scope => target(scope) is TemplateCallable callable
            ? callable(arguments(scope))
            : throw new TemplateException("what is called is not a function");
    }

    private Func<TemplateScope, TemplateArguments> ParseArguments()
    {
        var values = new List<TemplateEvaluate>();
        var named = new List<(string Name, TemplateEvaluate Value)>();
        cursor.ExpectSign("(");
        while (!cursor.TrySign(")"))
        {
            if (cursor.Current.Kind == TemplateTokenKind.Name && cursor.NextIsAssignment())
            {
                string name = cursor.ExpectName();
                cursor.ExpectSign("=");
                named.Add((name, Parse()));
            }
            else
            {
                values.Add(Parse());
            }

            if (!cursor.IsSign(")"))
            {
                cursor.ExpectSign(",");
            }
        }

        return scope => new TemplateArguments(
            [.. values.Select(value => value(scope))],
            named.ToDictionary(pair => pair.Name, pair => pair.Value(scope)));
    }

    private TemplateEvaluate ParseFilters(TemplateEvaluate value)
    {
        while (true)
        {
            var target = value;
            if (cursor.TrySign("|"))
            {
                value = ParseFilter(target);
            }
            else if (cursor.TryName("is"))
            {
                value = ParseTest(target);
            }
            else if (cursor.IsSign("("))
            {
                value = ParseCall(target);
            }
            else
            {
                return value;
            }
        }
    }

    /// <summary>A filter after its bar; also what a <c>filter</c> block names.</summary>
    public TemplateEvaluate ParseFilter(TemplateEvaluate target)
    {
        int line = cursor.Line;
        string name = cursor.ExpectName();
        var filter = TemplateFilters.Find(name)
            ?? throw new TemplateException($"the filter '{name}' is not known", line);
        var arguments = cursor.IsSign("(") ? ParseArguments() : NoArguments;
        return scope => filter(target(scope), arguments(scope));
    }

    private TemplateEvaluate ParseTest(TemplateEvaluate target)
    {
        bool negated = cursor.TryName("not");
        int line = cursor.Line;
        string name = cursor.TryName("in") ? "in" : cursor.ExpectName();
        var test = TemplateTests.Find(name) ?? throw new TemplateException($"the test '{name}' is not known", line);
        Func<TemplateScope, TemplateArguments> arguments = NoArguments;
        if (cursor.IsSign("("))
        {
            arguments = ParseArguments();
        }
        else if (StartsOperand())
        {
            var operand = ParsePostfix(ParsePrimary());
            arguments = scope => new TemplateArguments([operand(scope)], new Dictionary<string, object?>());
        }

        return scope => test(target(scope), arguments(scope)) != negated;
    }

    private bool StartsOperand() => cursor.Current.Kind switch
    {
        TemplateTokenKind.Text or TemplateTokenKind.Integer or TemplateTokenKind.Real => true,
        TemplateTokenKind.Sign => cursor.Current.Text is "[" or "{",
        TemplateTokenKind.Name => cursor.Current.Text is not ("else" or "or" or "and" or "is" or "if" or "in" or "not"),
        _ => false,
    };

    private static TemplateArguments NoArguments(TemplateScope scope) => new([], new Dictionary<string, object?>());
}
