using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Hypercompress.Benchmarks;
using Hypercompress.Benchmarks.Gguf;
using Hypercompress.Benchmarks.Onnx;

if (args is ["tasks", _, _, _, _, _, ..])
{
    TaskThroughput.Run(args);
    return 0;
}

if (args is ["runtime", _, ..])
{
    RuntimeComparison.Run(args);
    return 0;
}

if (args is ["runtime-peer", _, _])
{
    RuntimeComparison.RunPeer(args);
    return 0;
}

if (args is ["parallel", _, ..])
{
    ParallelThroughput.Run(args);
    return 0;
}

if (args is ["gguf", _, _, _, ..])
{
    return GgufComparison.Run(args);
}

if (args is ["onnx", _, _, _, ..])
{
    return OnnxComparison.Run(args);
}

if (args is ["shape", _, _, _, _, _, _, _, _])
{
    LlamaShapedModel.Run(args);
    return 0;
}

if (args is ["sitememory", _, _])
{
    SiteMemory.Run(args);
    return 0;
}

if (args is ["trainingstep", _, _, _, _, _])
{
    TrainingSpeed.Run(args);
    return 0;
}

if (args is ["untrained", _, _, _, _, _, _, _])
{
    UntrainedModel.Run(args);
    return 0;
}

// In this process: libtorch's native files lie beside this program, and a generated one would look for them in vain.
// TorchSharp is published without optimization, which is refused unless told otherwise.
IConfig config = DefaultConfig.Instance
    .WithOptions(ConfigOptions.DisableOptimizationsValidator)
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .AddColumn(new RateColumn());
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
return 0;
