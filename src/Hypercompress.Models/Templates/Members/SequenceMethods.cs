using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Members;

/// <summary>Python's methods of lists, tuples and ranges that change nothing.</summary>
internal static class SequenceMethods
{
    /// <summary>The method or attribute of a sequence by its name, or null.</summary>
    public static object? Find(TemplateSequence sequence, string name) => name switch
    {
        "count" => new TemplateFunction(name, call => (long)sequence.Items.Count(item =>
            PythonEquality.AreEqual(item, call.Required(0, "value"), call.Run))),
        "index" => new TemplateFunction(name, call => Index(sequence.Items, call)),
        "copy" when sequence is TemplateList => new TemplateFunction(name, _ => sequence),
        "start" when sequence is TemplateRange range => range.Start,
        "stop" when sequence is TemplateRange range => range.Stop,
        "step" when sequence is TemplateRange range => range.Distance,
        _ => sequence is TemplateTuple tuple ? Named(tuple, name) : null,
    };

    private static object? Named(TemplateTuple tuple, string name)
    {
        for (int i = 0; i < tuple.Names.Count; i++)
        {
            if (tuple.Names[i] == name)
            {
                return tuple.Items[i];
            }
        }

        return null;
    }

    private static object? Index(IReadOnlyList<object?> items, TemplateArguments call)
    {
        var wanted = call.Required(0, "value");
        var (start, _, count) = new SliceBounds(call.Get(1, "start"), call.Get(2, "stop"), null).Resolve(items.Count);
        for (long i = start; i < start + count; i++)
        {
            if (PythonEquality.AreEqual(items[(int)i], wanted, call.Run))
            {
                return i;
            }
        }

        throw new TemplateException($"{PythonText.Repr(wanted, call.Run)} is not in the list");
    }
}
