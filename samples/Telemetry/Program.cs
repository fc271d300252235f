using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Synfin.Samples.Telemetry;
using Synfin.Simulation;
using Synfin.Telemetry;
using Synfin.Timers;

// Two hosts on a wire of 10 ms, in virtual time: the output is the same on every machine.
using TracerProvider tracing = Sdk.CreateTracerProviderBuilder()
    .AddSource(SynfinTelemetry.ActivitySourceName)
    .AddProcessor(new SimpleActivityExportProcessor(new ActivityLines(Console.Out)))
    .Build();
using MeterProvider metrics = Sdk.CreateMeterProviderBuilder()
    .AddMeter(SynfinTelemetry.MeterName)
    .AddReader(new BaseExportingMetricReader(new MetricLines(Console.Out)))
    .Build();

SimulatedNetwork network = SimulatedNetwork.TwoHosts(seed: 1, new SimulatedLinkOptions { Delay = Duration.FromMilliseconds(10) });
Task serving = network["b"].Run(() => Conversations.ServeAsync(network["b"]));
network.RunUntilComplete(network["a"].Run(() => Conversations.GoodAsync(network["a"], network["b"].Address)));
network.RunUntilComplete(network["a"].Run(() => Conversations.ResetAsync(network["a"], network["b"].Address)));
network.RunUntilComplete(network["a"].Run(() => Conversations.RefusedAsync(network["a"], network["b"].Address)));
network.RunUntilComplete(serving);
// Disposing of the meter provider collects and writes the metrics.
