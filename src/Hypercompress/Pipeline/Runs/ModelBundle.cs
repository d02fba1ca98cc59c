using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer;

namespace Hypercompress.Pipeline.Runs;

/// <summary>The models that a run works on.</summary>
/// <param name="Package">The teacher as files.</param>
/// <param name="Teacher">The teacher, running.</param>
/// <param name="Student">The student once surgery has built it.</param>
/// <param name="Label">Name of the run in reports.</param>
internal sealed record ModelBundle(ModelPackage Package, LanguageModel Teacher, DecoderModel? Student, string Label);
