using System.Collections.Immutable;
using Hypercompress.Analysis.Moments;
using Hypercompress.Journal;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Transformer;
using Hypercompress.Sites;
using TorchSharp;

namespace Hypercompress.Analysis;

/// <summary>
/// Keeps the statistics of a teacher. The moments stay in the file that they were written to and are read when they are
/// wanted, so that statistics take no more memory than they did before they were kept.
/// </summary>
/// <param name="teacher">The model that the statistics are of; must outlive them.</param>
/// <param name="options">How they are taken.</param>
internal sealed class StatisticsFormat(DecoderModel teacher, CalibrationSettings options)
    : IJournalFormat<CalibrationStatistics>
{
    private const string NotesKey = "statistics_notes";
    private const string Inputs = "input.";
    private const string Outputs = "output.";
    private const string Weights = "weights.";

    /// <inheritdoc/>
    public void Write(CalibrationStatistics value, EntryDraft draft)
    {
        CalibrationMoments moments = value.Moments;
        (ImmutableArray<string> Sites, long Width, long Tokens)[] groups = [.. moments.Inputs.Groups];
        MomentGroups.Write(draft, [.. groups.Select(group => (group.Sites, group.Tokens))]);
        draft.Document[NotesKey] = JournalJson.ToNode(value.Notes);
        draft.Document["all_tokens"] = value.Tokens;
        foreach ((ImmutableArray<string> sites, long width, _) in groups)
        {
            draft.Tensors.Add(new TensorToWrite(
                Inputs + sites[0], torch.ScalarType.Float64, [width, width], () => InputOf(moments, sites[0])));
        }

        foreach ((string site, long width) in moments.Outputs.Sites)
        {
            draft.Tensors.Add(new TensorToWrite(
                Outputs + site, torch.ScalarType.Float64, [width, width], () => OutputOf(moments, site)));
        }

        draft.Tensors.AddRange(
            moments.OutputWeights.Select(pair => TensorToWrite.From(Weights + pair.Key, pair.Value)));
    }

    /// <inheritdoc/>
    public CalibrationStatistics Read(JournalEntry entry)
    {
        IEnumerable<(ImmutableArray<string> Sites, long Tokens)> groups = MomentGroups.Read(entry);
        var notes = entry.Get<ImmutableArray<string>>(NotesKey);
        long all = entry.Get<long>("all_tokens");
        ITensorSource file = entry.TakeTensors();
        var moments = new CalibrationMoments();
        moments.Sources.Add(file);
        foreach ((ImmutableArray<string> sites, long tokens) in groups)
        {
            string name = Inputs + sites[0];
            moments.Inputs.Add(sites, file.Tensors[name].Shape[0], tokens, torch.CPU, () => file.Read(name));
        }

        foreach (TensorInfo tensor in file.Tensors.Values)
        {
            if (tensor.Name.StartsWith(Outputs, StringComparison.Ordinal))
            {
                string site = tensor.Name[Outputs.Length..];
                moments.Outputs.Add(site, tensor.Shape[0], torch.CPU, () => file.Read(tensor.Name));
            }
            else if (tensor.Name.StartsWith(Weights, StringComparison.Ordinal))
            {
                using var scope = torch.NewDisposeScope();
                torch.Tensor values = file.Read(tensor.Name);
                moments.OutputWeights.Add(tensor.Name[Weights.Length..], values.DetachFromDisposeScope());
            }
        }

        return new CalibrationStatistics(teacher, new TeacherWeights(teacher), moments, all, options, notes);
    }

    /// <inheritdoc/>
    public void Discard(CalibrationStatistics value) => value.Dispose();

    private static torch.Tensor InputOf(CalibrationMoments moments, string site)
    {
        using MomentLease lease = moments.Inputs.Borrow(site);
        return lease.Moment.Moment.detach();
    }

    private static torch.Tensor OutputOf(CalibrationMoments moments, string site)
    {
        using OutputMoment moment = moments.Outputs.Read(site)!;
        return moment.Moment.detach();
    }
}
