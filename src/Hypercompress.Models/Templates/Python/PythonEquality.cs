using System.Numerics;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Python;

/// <summary>Python's equality and hash of values; each comparison costs a step.</summary>
/// <param name="run">The rendering that pays.</param>
internal sealed class PythonEquality(TemplateRun run) : IEqualityComparer<object>
{
    /// <summary>Python's <c>==</c>.</summary>
    /// <exception cref="TemplateException">A value is not there and the template is strict.</exception>
    public static bool AreEqual(object? left, object? right, TemplateRun run)
    {
        run.Step();
        if (left is Undefined || right is Undefined)
        {
            (left as Undefined)?.CountAsEmpty();
            (right as Undefined)?.CountAsEmpty();
            return left is Undefined && right is Undefined;
        }

        if (PythonTypes.TextOf(left) is { } a && PythonTypes.TextOf(right) is { } b)
        {
            return a == b;
        }

        return (left, right) switch
        {
            (TemplateRange one, TemplateRange other) => AllEqual(one, other, run),
            (TemplateList one, TemplateList other) => AllEqual(one, other, run),
            (TemplateTuple one, TemplateTuple other) => AllEqual(one, other, run),
            (TemplateMap one, TemplateMap other) => MapsEqual(one, other, run),
            (TemplateView { Kind: not "dict_values" } one, TemplateView { Kind: not "dict_values" } other) =>
                ViewsEqual(one, other, run),
            _ when PythonOrder.IsNumber(left) && PythonOrder.IsNumber(right) => PythonOrder.Numbers(left, right) == 0,
            _ => object.Equals(left, right),
        };
    }

    /// <inheritdoc/>
    public new bool Equals(object? x, object? y) => ReferenceEquals(x, y) || AreEqual(x, y, run);

    /// <inheritdoc/>
    /// <exception cref="TemplateException">The value cannot be a key.</exception>
    public int GetHashCode(object obj)
    {
        run.Step();
        return obj switch
        {
            bool flag => flag ? 1.GetHashCode() : 0.GetHashCode(),
            long or BigInteger => BigHash(PythonTypes.ToBig(obj)),
            double real => double.IsInteger(real) ? BigHash(new BigInteger(real)) : real.GetHashCode(),
            TemplateMarkup markup => markup.Text.GetHashCode(StringComparison.Ordinal),
            TemplateTuple tuple => tuple.Items.Aggregate(17, (sum, item) => (sum * 31) + HashOf(item)),
            TemplateList or TemplateMap => throw new TemplateException(
                $"a value of type {PythonTypes.NameOf(obj)} cannot be a key"),
            Undefined missing => EmptyHash(missing),
            _ => obj.GetHashCode(),
        };
    }

    private static int EmptyHash(Undefined missing)
    {
        missing.CountAsEmpty();
        return 0;
    }

    private static int BigHash(BigInteger number) =>
        number >= int.MinValue && number <= int.MaxValue ? ((int)number).GetHashCode() : number.GetHashCode();

    private int HashOf(object? item) => item is null ? 0 : GetHashCode(item);

    private static bool AllEqual(TemplateSequence left, TemplateSequence right, TemplateRun run)
    {
        if (left.Items.Count != right.Items.Count)
        {
            return false;
        }

        for (int i = 0; i < left.Items.Count; i++)
        {
            if (!AreEqual(left.Items[i], right.Items[i], run))
            {
                return false;
            }
        }

        return true;
    }

    private static bool ViewsEqual(TemplateView left, TemplateView right, TemplateRun run) =>
        left.Items.Count == right.Items.Count
        && left.Items.All(item => right.Items.Any(other => AreEqual(item, other, run)));

    private static bool MapsEqual(TemplateMap left, TemplateMap right, TemplateRun run) => left.Count == right.Count
        && left.Entries.All(pair => right.TryGet(pair.Key, out var other) && AreEqual(pair.Value, other, run));
}
