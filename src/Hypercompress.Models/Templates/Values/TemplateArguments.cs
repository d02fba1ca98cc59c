using System.Globalization;
using System.Numerics;

namespace Hypercompress.Models.Templates.Values;

/// <summary>The arguments of a call.</summary>
/// <param name="Run">The rendering that calls.</param>
/// <param name="Values">The positional arguments.</param>
/// <param name="Named">The named arguments, in their order.</param>
internal sealed record TemplateArguments(
    TemplateRun Run, IReadOnlyList<object?> Values, IReadOnlyDictionary<string, object?> Named)
{
    private static readonly Dictionary<string, object?> NoNames = [];

    /// <summary>Only positional arguments.</summary>
    public TemplateArguments(TemplateRun run, params IReadOnlyList<object?> values)
        : this(run, values, NoNames)
    {
    }

    /// <summary>Checks the arguments against a list of parameters.</summary>
    /// <param name="callee">What is called, for messages.</param>
    /// <param name="parameters">Names of the parameters, in order.</param>
    /// <exception cref="TemplateException">There are too many, or a name is not known.</exception>
    public void Check(string callee, IReadOnlyList<string> parameters)
    {
        if (Values.Count > parameters.Count)
        {
            throw new TemplateException(string.Create(CultureInfo.InvariantCulture,
                $"{callee} takes at most {parameters.Count} arguments, {Values.Count} are given"));
        }

        foreach (string name in Named.Keys)
        {
            int place = Enumerable.Range(0, parameters.Count).FirstOrDefault(i => parameters[i] == name, -1);
            if (place < Values.Count)
            {
                throw new TemplateException(place < 0
                    ? $"{callee} has no argument '{name}'"
                    : $"{callee} is given its argument '{name}' twice");
            }
        }
    }

    /// <summary>Looks for the argument of a place or a name.</summary>
    public bool TryGet(int place, string name, out object? value)
    {
        bool positional = place < Values.Count;
        value = positional ? Values[place] : null;
        return positional || Named.TryGetValue(name, out value);
    }

    /// <summary>The argument of a place or a name, or another value where it is not given.</summary>
    public object? Get(int place, string name, object? absent = null) =>
        TryGet(place, name, out var value) ? value : absent;

    /// <summary>An argument that has to be given.</summary>
    /// <exception cref="TemplateException">It is missing.</exception>
    public object? Required(int place, string name) => TryGet(place, name, out var value)
        ? value
        : throw new TemplateException($"the argument '{name}' is missing");

    /// <summary>A text; null where it is not given or None.</summary>
    /// <exception cref="TemplateException">It is not a text.</exception>
    public string? Text(int place, string name) => Get(place, name) switch
    {
        null => null,
        string text => text,
        TemplateMarkup markup => markup.Text,
        Undefined missing => throw missing.Failure(),
        _ => throw Wrong(name, "a text"),
    };

    /// <summary>A text that has to be given.</summary>
    /// <exception cref="TemplateException">It is missing or not a text.</exception>
    public string RequiredText(int place, string name)
    {
        Required(place, name);
        return Text(place, name) ?? throw Wrong(name, "a text");
    }

    /// <summary>A whole number; null where it is not given or None.</summary>
    /// <exception cref="TemplateException">It is not a whole number, or a huge one.</exception>
    public long? Integer(int place, string name) => Get(place, name) switch
    {
        null => null,
        long number => number,
        bool flag => flag ? 1 : 0,
        BigInteger => throw Wrong(name, "a number of at most 64 bits"),
        Undefined missing => throw missing.Failure(),
        _ => throw Wrong(name, "a whole number"),
    };

    /// <summary>A whole number that has to be given.</summary>
    /// <exception cref="TemplateException">It is missing, not a whole number, or a huge one.</exception>
    public long RequiredInteger(int place, string name)
    {
        Required(place, name);
        return Integer(place, name) ?? throw Wrong(name, "a whole number");
    }

    /// <summary>The arguments after the first ones.</summary>
    public TemplateArguments Skip(int count) => this with { Values = [.. Values.Skip(count)] };

    private static TemplateException Wrong(string name, string wanted) =>
        new($"the argument '{name}' is not {wanted}");
}
