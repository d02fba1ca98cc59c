using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Registry;
using static TorchSharp.torch;

namespace Hypercompress.Forms;

/// <summary>
/// A form's description beside the tensors of its site: what a reader checks and reads. The description comes from a
/// file, so that nothing in it is taken for granted.
/// </summary>
internal sealed class FormBlocks
{
    private readonly FormDescription _description;
    private readonly string _site;
    private readonly ITensorSource _tensors;
    private readonly NumberFormatRegistry _formats;

    /// <summary>Starts reading a site.</summary>
    internal FormBlocks(FormDescription description, string site, ITensorSource tensors, FormContext context)
    {
        (_description, _site, _tensors, _formats) = (description, site, tensors, context.Catalog.Formats);
        File = tensors.Tensors.Values.FirstOrDefault()?.File ?? "checkpoint without tensors";
    }

    /// <summary>The file to name in messages: that of the tensors.</summary>
    internal string File { get; }

    /// <summary>
    /// Refuses sizes out of range, and numbers, formats, parts or an owner other than those that the kind has.
    /// </summary>
    internal void RequireShape(string[] numbers, string[] formats, bool parts, bool owner = false)
    {
        if (_description.Rows is < 1 or > int.MaxValue || _description.Columns is < 1 or > int.MaxValue)
        {
            throw Fail(
                $"rows and columns must be in 1–{int.MaxValue}, found {_description.Rows} and {_description.Columns}");
        }

        RequireKeys("numbers", numbers, _description.Numbers.Keys);
        RequireKeys("formats", formats, _description.Formats.Keys);
        if (!parts && !_description.Parts.IsDefaultOrEmpty)
        {
            throw Fail($"a form '{_description.Kind}' has no parts, found {_description.Parts.Length}");
        }

        if (owner != _description.Owner is not null)
        {
            throw Fail(
                $"a form '{_description.Kind}' "
                + $"{(owner ? "needs the name of an owner" : $"has no owner, found {_description.Owner}")}");
        }
    }

    /// <summary>A number of the form.</summary>
    internal long Number(string key, long least, long most)
    {
        long number = _description.Numbers[key];
        return number >= least && number <= most
            ? number
            : throw Fail($"'{key}' must be in {least}–{most}, found {number}");
    }

    /// <summary>Reads a block of values.</summary>
    internal StoredValues Read(string block, long rows, long columns)
    {
        try
        {
            ValueFormat format = _formats.Parse(_description.Formats[block]);
            return format.Read($"{_site}.{block}", rows, columns, _tensors, File);
        }
        catch (FormatException unknown)
        {
            throw new CheckpointException(File, $"site {_site}, block '{block}': {unknown.Message}", unknown);
        }
    }

    /// <summary>Reads a tensor that is not a block of values.</summary>
    internal Tensor ReadTensor(string name, ScalarType type, ReadOnlySpan<long> shape) =>
        new BlockReader(_tensors, File).Read($"{_site}.{name}", type, shape);

    /// <summary>A failure that names the file and the site.</summary>
    internal CheckpointException Fail(string problem) => new(File, $"site {_site}: {problem}");

    private void RequireKeys(string what, string[] expected, IEnumerable<string> found)
    {
        string[] keys = [.. found];
        if (!keys.Order(StringComparer.Ordinal).SequenceEqual(expected.Order(StringComparer.Ordinal)))
        {
            throw Fail(
                $"the {what} of a form '{_description.Kind}' are [{string.Join(", ", expected)}], "
                + $"found [{string.Join(", ", keys)}]");
        }
    }
}
