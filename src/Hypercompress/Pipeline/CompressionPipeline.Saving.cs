using Hypercompress.Configuration;
using Hypercompress.Journal;
using Hypercompress.Phases;
using Hypercompress.Pipeline.Calibration;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Pipeline.Saving;

namespace Hypercompress.Pipeline;

/// <summary>What an artifact says about its run.</summary>
public sealed partial class CompressionPipeline
{
    private ArtifactManager Saver(Calibrated calibrated)
    {
        var settings = new ArtifactSettings(
            _config.Mode,
            PipelineConfigWriter.WriteRecipe(_config),
            _config.Runtime.Seed,
            _config.Evaluation,
            _config.Storage);
        return new ArtifactManager(settings, calibrated.TeacherFormat, calibrated.VectorFormat, _environment);
    }

    private RunRecord RecordOf(
        PipelineState state, RunInputs inputs, string stage, long started, RunForecast? expected) =>
        new(() => new RunTimes(
            _phases.RecordsSoFar,
            _environment.Clock.GetElapsedTime(started).TotalSeconds + _phases.KeptSeconds))
        {
            Notes = _environment.Log.Notes,
            Expected = expected,
            Inputs = inputs,
            Stage = stage,
        };
}
