// A link that delays, loses, doubles and reorders packets, at a rate and with a queue, between two TUN devices: for networks without netem.
using Relay;
using Synfin.Linux;
using Synfin.Simulation;
using Synfin.Timers;

RelayOptions options;
try
{
    options = RelayOptions.Parse(args);
    _ = new WireModel(options.Link, new DeterministicRandom(options.Seed)); // throws if a value is out of its range
}
catch (ArgumentException wrong)
{
    await Console.Error.WriteLineAsync($"{wrong.Message}\n\n{RelayOptions.Usage}");
    return 2;
}

if (options.Devices is { } devices)
{
    using var stop = new ManualResetEventSlim();
    Console.CancelKeyPress += (_, e) =>
    {
        e.Cancel = true;
        stop.Set();
    };
    try
    {
        using var relay = new LinkRelay(Devices.Open(devices.Left), Devices.Open(devices.Right), options.Link, options.Seed);
        Console.WriteLine($"Relaying between {devices.Left} and {devices.Right}; Ctrl+C ends it.");
        stop.Wait();
        return relay.Failure is null ? 0 : 1;
    }
    catch (TunException failure)
    {
        await Console.Error.WriteLineAsync(failure.Message);
        return 1;
    }
}

if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess || !File.Exists("/dev/net/tun"))
{
    Console.WriteLine("Nothing to see: the relay needs Linux, root, and /dev/net/tun.");
    return 0;
}
SimulatedLinkOptions link = options.Link != new SimulatedLinkOptions() ? options.Link : new SimulatedLinkOptions
{
    Delay = Duration.FromMilliseconds(5),
    Jitter = Duration.FromMilliseconds(2),
    Loss = 0.01,
    Duplicate = 0.01,
    Reorder = 0.02,
    BitsPerSecond = 50_000_000,
    QueuePackets = 100,
};
await SelfCheck.Run(link, options.Seed);
return 0;
