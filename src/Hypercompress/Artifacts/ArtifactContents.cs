using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Models.Transformer;
using Hypercompress.NumberFormats;

namespace Hypercompress.Artifacts;

/// <summary>All that goes into an artifact besides its manifest.</summary>
/// <param name="Student">The student; all its matrices know how they are stored.</param>
/// <param name="Config">The teacher's <c>config.json</c>.</param>
/// <param name="SideFiles">Tokenizer, chat template and the like, copied from the teacher, by name.</param>
/// <param name="TeacherFormat">Number format of norms and biases.</param>
/// <param name="Texts">Files of text by name: card, report, plan, recipe.</param>
/// <param name="Teacher">Label of the teacher.</param>
/// <param name="TeacherBytes">Bytes of the teacher's weights as published.</param>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Threads">CPU threads of the run.</param>
/// <param name="Data">SHA-256 of the texts that were used, by file name.</param>
/// <param name="ProbeIds">A short input whose logits the manifest records.</param>
/// <param name="MaximumShardBytes">Weights beyond this are split over several files.</param>
internal sealed record ArtifactContents(
    DecoderModel Student,
    JsonObject Config,
    IReadOnlyDictionary<string, byte[]> SideFiles,
    ValueFormat TeacherFormat,
    ImmutableSortedDictionary<string, string> Texts,
    string Teacher,
    long TeacherBytes,
    long Seed,
    int Threads,
    ImmutableSortedDictionary<string, string> Data,
    ImmutableArray<int> ProbeIds,
    long MaximumShardBytes)
{
    /// <summary>Whether Hugging Face transformers can load the artifact by a Python file in it.</summary>
    public bool LoadsInPython { get; init; }

    /// <summary>Hashes or values of everything that determined the run, by name.</summary>
    public ImmutableSortedDictionary<string, string> Inputs { get; init; } = TensorHashes.None;
}
