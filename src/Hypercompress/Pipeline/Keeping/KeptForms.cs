using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Hypercompress.Forms;
using Hypercompress.Journal;
using Hypercompress.Models.Checkpoints;
using Hypercompress.NumberFormats;
using static TorchSharp.torch;

namespace Hypercompress.Pipeline.Keeping;

/// <summary>
/// Writes matrices into the journal as an artifact stores them, and beside them what their numbers lost by rounding,
/// which training begins with.
/// </summary>
/// <param name="catalog">Reads forms.</param>
internal sealed class KeptForms(FormCatalog catalog)
{
    private const string Forms = "forms";
    private const string Remainders = ":remainders.";

    /// <summary>Writes matrices.</summary>
    /// <param name="matrices">By the names of their sites; stay the caller's.</param>
    /// <param name="draft">Receives them.</param>
    public static void Write(IEnumerable<(string Site, FormMatrix Matrix)> matrices, EntryDraft draft)
    {
        using var noGrad = no_grad();
        var forms = new JsonObject();
        foreach ((string site, FormMatrix matrix) in matrices)
        {
            forms[site] = FormDescriptionJson.Write(matrix.Describe());
            foreach (StoredTensor tensor in matrix.Store(site))
            {
                Add(draft, tensor.Name, tensor.Value);
            }

            foreach ((int index, StoredValues block) in matrix.StoredBlocks.Index())
            {
                if (block.CopyRemainders() is { } remainders)
                {
                    Add(draft, NameOf(site, index), remainders);
                }
            }
        }

        draft.Document[Forms] = forms;
    }

    /// <summary>Reads the matrices that an entry has.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="device">Where they are wanted.</param>
    /// <returns>By the names of their sites; the caller's.</returns>
    public ImmutableDictionary<string, FormMatrix> Read(JournalEntry entry, Device device)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var read = new Dictionary<string, FormMatrix>(StringComparer.Ordinal);
        foreach ((string site, JsonNode? form) in entry.Get<JsonObject>(Forms))
        {
            FormMatrix matrix = catalog.Read(
                FormDescriptionJson.Read(form, entry.File, site), site, entry.Tensors, entry.File, read);
            foreach ((int index, StoredValues block) in matrix.StoredBlocks.Index())
            {
                if (entry.Tensors.Tensors.ContainsKey(NameOf(site, index)))
                {
                    using Tensor remainders = entry.Tensors.Read(NameOf(site, index));
                    block.PutRemainders(remainders);
                }
            }

            matrix.MoveTo(device);
            read.Add(site, matrix);
        }

        return read.ToImmutableDictionary(StringComparer.Ordinal);
    }

    // The writer disposes what it is given.
    private static void Add(EntryDraft draft, string name, Tensor value) =>
        draft.Tensors.Add(new TensorToWrite(name, value.dtype, [.. value.shape], () => value));

    private static string NameOf(string site, int block) =>
        string.Create(CultureInfo.InvariantCulture, $"{site}{Remainders}{block}");
}
