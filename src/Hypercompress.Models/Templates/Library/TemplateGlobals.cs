using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Library;

/// <summary>The functions that every template may call.</summary>
internal static class TemplateGlobals
{
    // Jinja's sandbox has the same limit.
    private const long MaxRange = 100_000;

    /// <summary>The functions by their names.</summary>
    /// <param name="clock">What <c>strftime_now</c> reads; null leaves that function out.</param>
    public static IEnumerable<(string Name, object? Value)> All(TimeProvider? clock)
    {
        yield return Function("range", Range);
        yield return Function("namespace", call => new TemplateNamespace(MapOf(call)));
        yield return Function("dict", MapOf);
        yield return Function("cycler", call => new TemplateCycler(call.Values));
        yield return Function("joiner", Joiner);
        yield return Function("raise_exception", Raise);
        yield return Function("lipsum", _ => throw new TemplateException(
            "the function 'lipsum' is not supported: the same conversation has to give the same prompt"));
        if (clock is not null)
        {
            yield return Function("strftime_now", call =>
                call.Run.Made(DateFormat.Write(clock.GetLocalNow(), call.RequiredText(0, "format"))));
        }
    }

    /// <summary>Python's <c>dict(mapping, name=value…)</c>.</summary>
    /// <exception cref="TemplateException">The mapping is neither a dict nor pairs.</exception>
    public static TemplateMap MapOf(TemplateArguments call)
    {
        var map = new TemplateMap(new PythonEquality(call.Run));
        if (call.Values.Count > 0)
        {
            AddAll(map, call.Values[0], call.Run);
        }

        foreach (var (name, value) in call.Named)
        {
            call.Run.ReserveItems(1);
            map.Set(name, value);
        }

        return map;
    }

    private static (string Name, object? Value) Function(string name, Func<TemplateArguments, object?> body) =>
        (name, new TemplateFunction(name, body));

    private static void AddAll(TemplateMap map, object? source, TemplateRun run)
    {
        if (source is TemplateMap other)
        {
            foreach (var (key, value) in other.Entries)
            {
                run.ReserveItems(1);
                map.Set(key, value);
            }

            return;
        }

        foreach (var pair in PythonIteration.Over(source, run))
        {
            if (PythonIteration.ToList(pair, run) is not [var key, var value])
            {
                throw new TemplateException("dict takes a dict or pairs");
            }

            run.ReserveItems(1);
            map.Set(key, value);
        }
    }

    private static object? Range(TemplateArguments call)
    {
        call.Check("range", ["start", "stop", "step"]);
        long first = call.RequiredInteger(0, "start");
        bool one = call.Values.Count < 2;
        long start = one ? 0 : first;
        long stop = one ? first : call.RequiredInteger(1, "stop");
        long step = call.Values.Count < 3 ? 1 : call.RequiredInteger(2, "step");
        if (step == 0)
        {
            throw new TemplateException("the step of range is 0");
        }

        Int128 span = step > 0 ? (Int128)stop - start : (Int128)start - stop;
        Int128 count = span <= 0 ? 0 : ((span - 1) / Int128.Abs(step)) + 1;
        return count <= MaxRange
            ? new TemplateRange(start, stop, step, (int)count)
            : throw new TemplateException($"a range has at most {MaxRange} numbers");
    }

    private static object? Joiner(TemplateArguments call)
    {
        object? separator = call.Get(0, "sep", ", ");
        bool used = false;
        return new TemplateFunction("joiner", _ =>
        {
            (bool first, used) = (!used, true);
            return first ? "" : separator;
        });
    }

    private static object? Raise(TemplateArguments call) =>
        throw new TemplateException(PythonText.Of(call.Required(0, "message"), call.Run), raised: true);
}
