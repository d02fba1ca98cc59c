using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Rendering;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Syntax;

/// <summary>Parses expressions with binary operators, in Jinja's precedence.</summary>
internal sealed class ExpressionParser
{
    private readonly ParserState _state;
    private readonly TokenCursor _cursor;
    private readonly OperandParser _operands;

    /// <param name="state">What the parsers share.</param>
    public ExpressionParser(ParserState state)
    {
        _state = state;
        _cursor = state.Cursor;
        _operands = new OperandParser(state, this);
    }

    /// <summary>A whole expression: <c>a if b else c</c> binds weakest.</summary>
    public TemplateEvaluate Parse()
    {
        _cursor.Enter();
        int unknown = _state.UnknownCount;
        var value = ParseOr();
        int links = 0;
        while (_cursor.TryName("if"))
        {
            _cursor.Link(ref links);
            var chosen = value;
            var condition = ParseOr();
            var otherwise = _cursor.TryName("else") ? Parse() : Absent;
            _state.ForgetUnknown(unknown);
            value = Node(scope => PythonTruth.IsTrue(condition(scope)) ? chosen(scope) : otherwise(scope));
        }

        _cursor.Leave();
        return value;
    }

    /// <summary>An expression, or several with commas between, which make a tuple.</summary>
    /// <param name="withCondition">Whether each may be a condition.</param>
    /// <param name="end">A name that ends the tuple.</param>
    /// <param name="inBrackets">Whether the tuple may be empty.</param>
    public TemplateEvaluate ParseTuple(bool withCondition = true, string? end = null, bool inBrackets = false)
    {
        var items = new List<TemplateEvaluate>();
        bool tuple = false;
        while (!AtTupleEnd(end))
        {
            items.Add(withCondition ? Parse() : ParseOr());
            if (!_cursor.TrySign(","))
            {
                break;
            }

            tuple = true;
        }

        return tuple || (items.Count == 0 && inBrackets) ? TupleOf(items)
            : items.Count == 1 ? items[0]
            : throw _cursor.Unexpected("an expression");
    }

    /// <summary>An expression without <c>if</c>.</summary>
    public TemplateEvaluate ParseOr()
    {
        var left = ParseAnd();
        int links = 0;
        while (_cursor.TryName("or"))
        {
            _cursor.Link(ref links);
            var (first, second) = (left, ParseAnd());
            left = Node(scope => first(scope) is var value && PythonTruth.IsTrue(value) ? value : second(scope));
        }

        return left;
    }

    /// <summary>A filter after its bar, or without one; also what a <c>filter</c> block names.</summary>
    public TemplateEvaluate ParseFilter(TemplateEvaluate target) => _operands.ParseFilter(target);

    /// <summary>The call of a <c>call</c> block: what is called, and the arguments.</summary>
    public CallExpression ParseCall() => _operands.ParseCallExpression();

    /// <summary>Counts a step and checks the stack before an expression that has parts.</summary>
    public static TemplateEvaluate Node(TemplateEvaluate evaluate) => scope =>
    {
        scope.Run.Step();
        return evaluate(scope);
    };

    private static TemplateEvaluate TupleOf(List<TemplateEvaluate> items) => Node(scope =>
    {
        scope.Run.ReserveItems(items.Count);
        return new TemplateTuple(items.ConvertAll(item => item(scope)));
    });

    private static object? Absent(TemplateScope scope) =>
        scope.Run.Missing("an 'if' without 'else' was false, so its value is not there");

    private bool AtTupleEnd(string? end) =>
        _cursor.Current.Kind is TemplateTokenKind.OutputEnd or TemplateTokenKind.BlockEnd || _cursor.IsSign(")")
        || (end is not null && _cursor.IsName(end));

    private TemplateEvaluate ParseAnd()
    {
        var left = ParseNot();
        int links = 0;
        while (_cursor.TryName("and"))
        {
            _cursor.Link(ref links);
            var (first, second) = (left, ParseNot());
            left = Node(scope => first(scope) is var value && !PythonTruth.IsTrue(value) ? value : second(scope));
        }

        return left;
    }

    private TemplateEvaluate ParseNot()
    {
        if (!_cursor.TryName("not"))
        {
            return ParseComparison();
        }

        _cursor.Enter();
        var value = ParseNot();
        _cursor.Leave();
        return Node(scope => !PythonTruth.IsTrue(value(scope)));
    }

    private TemplateEvaluate ParseComparison()
    {
        var first = ParseSum();
        var rest = new List<(string Sign, TemplateEvaluate Value)>();
        while (ComparisonSign() is { } sign)
        {
            rest.Add((sign, ParseSum()));
        }

        return rest.Count == 0 ? first : Node(scope => Compare(scope, first, rest));
    }

    private static object? Compare(
        TemplateScope scope, TemplateEvaluate first, List<(string Sign, TemplateEvaluate Value)> rest)
    {
        var left = first(scope);
        foreach (var (sign, value) in rest)
        {
            var right = value(scope);
            if (!PythonOrder.Compare(sign, left, right, scope.Run))
            {
                return false;
            }

            left = right;
        }

        return true;
    }

    private string? ComparisonSign()
    {
        if (_cursor.IsName("not") && _cursor.NextIsName("in"))
        {
            _cursor.Take();
            _cursor.Take();
            return "not in";
        }

        bool sign = _cursor.Current.Kind == TemplateTokenKind.Sign
            && _cursor.Current.Text is ("==" or "!=" or "<" or ">" or "<=" or ">=");
        return sign || _cursor.IsName("in") ? _cursor.Take().Text : null;
    }

    private TemplateEvaluate ParseSum() => ParseBinary(ParseJoin, "+", "-");

    private TemplateEvaluate ParseJoin()
    {
        var first = ParseProduct();
        if (!_cursor.IsSign("~"))
        {
            return first;
        }

        var parts = new List<TemplateEvaluate> { first };
        while (_cursor.TrySign("~"))
        {
            parts.Add(ParseProduct());
        }

        return Node(scope => scope.Run.Made(
            string.Concat(parts.Select(part => PythonText.Of(part(scope), scope.Run)))));
    }

    private TemplateEvaluate ParseProduct() => ParseBinary(ParsePower, "*", "/", "//", "%");

    private TemplateEvaluate ParsePower() => ParseBinary(_operands.Parse, "**");

    private TemplateEvaluate ParseBinary(Func<TemplateEvaluate> operand, params string[] signs)
    {
        var left = operand();
        int links = 0;
        while (_cursor.Current.Kind == TemplateTokenKind.Sign && signs.Contains(_cursor.Current.Text))
        {
            _cursor.Link(ref links);
            string sign = _cursor.Take().Text;
            var (first, second) = (left, operand());
            left = Node(scope => PythonArithmetic.Apply(sign, first(scope), second(scope), scope.Run));
        }

        return left;
    }
}
