using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Rendering;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Syntax;

/// <summary>Parses the arguments of a call.</summary>
/// <param name="cursor">The tokens.</param>
/// <param name="expressions">Parses the values.</param>
internal sealed class ArgumentParser(TokenCursor cursor, ExpressionParser expressions)
{
    /// <summary>No arguments.</summary>
    public static TemplateArguments None(TemplateScope scope) => new(scope.Run);

    /// <summary>Arguments in parentheses.</summary>
    public Func<TemplateScope, TemplateArguments> Parse()
    {
        int line = cursor.Line;
        var values = new List<TemplateEvaluate>();
        var named = new List<(string Name, TemplateEvaluate Value)>();
        TemplateEvaluate? moreValues = null;
        TemplateEvaluate? moreNamed = null;
        cursor.ExpectSign("(");
        while (!cursor.TrySign(")"))
        {
            bool last = moreNamed is not null;
            bool afterValues = last || moreValues is not null || named.Count > 0;
            if (cursor.TrySign("*"))
            {
                Require(!last && moreValues is null, line);
                moreValues = expressions.Parse();
            }
            else if (cursor.TrySign("**"))
            {
                Require(!last, line);
                moreNamed = expressions.Parse();
            }
            else if (cursor.Current.Kind == TemplateTokenKind.Name && cursor.NextIsSign("="))
            {
                Require(!last, line);
                named.Add((TakeName(named), expressions.Parse()));
            }
            else
            {
                Require(!afterValues, line);
                values.Add(expressions.Parse());
            }

            if (!cursor.IsSign(")"))
            {
                cursor.ExpectSign(",");
            }
        }

        return scope => Make(scope, values, named, moreValues, moreNamed);
    }

    private static void Require(bool valid, int line)
    {
        if (!valid)
        {
            throw new TemplateException("the arguments of a call are not in a valid order", line);
        }
    }

    private string TakeName(List<(string Name, TemplateEvaluate Value)> named)
    {
        int line = cursor.Line;
        string name = cursor.ExpectName();
        cursor.ExpectSign("=");
        return named.TrueForAll(pair => pair.Name != name)
            ? name
            : throw new TemplateException($"the argument '{name}' is given twice", line);
    }

    private static TemplateArguments Make(
        TemplateScope scope,
        List<TemplateEvaluate> values,
        List<(string Name, TemplateEvaluate Value)> named,
        TemplateEvaluate? moreValues,
        TemplateEvaluate? moreNamed)
    {
        var given = values.ConvertAll(value => value(scope));
        if (moreValues is not null)
        {
            given.AddRange(PythonIteration.ToList(moreValues(scope), scope.Run));
        }

        if (named.Count == 0 && moreNamed is null)
        {
            return new TemplateArguments(scope.Run, given);
        }

        var names = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in named)
        {
            names.Add(name, value(scope));
        }

        AddMore(names, moreNamed?.Invoke(scope), moreNamed is not null, scope.Run);
        return new TemplateArguments(scope.Run, given, names);
    }

    private static void AddMore(
        OrderedDictionary<string, object?> names, object? more, bool given, TemplateRun run)
    {
        if (!given)
        {
            return;
        }

        PythonTypes.RequireDefined(more);
        if (more is not TemplateMap map)
        {
            throw new TemplateException($"** takes a dict, not a value of type {PythonTypes.NameOf(more)}");
        }

        run.ReserveItems(map.Count);
        foreach (var (key, value) in map.Entries)
        {
            if (PythonTypes.TextOf(key) is not { } name || !names.TryAdd(name, value))
            {
                throw new TemplateException("** takes a dict with texts as keys, each given once");
            }
        }
    }
}
