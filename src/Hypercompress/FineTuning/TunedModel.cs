using Hypercompress.Models.Transformer;
using Hypercompress.Training;

namespace Hypercompress.FineTuning;

/// <summary>The finished student: what evaluation and the artifact take.</summary>
/// <param name="Model">The student; owned by whoever holds this record.</param>
/// <param name="History">The measurements; <see cref="TrainingHistory.Off"/> when the phase is off.</param>
internal sealed record TunedModel(DecoderModel Model, TrainingHistory History);
