using System.Globalization;
using Synfin.Simulation;
using Synfin.Timers;

namespace Relay;

/// <summary>The command line.</summary>
internal sealed record RelayOptions
{
    public const string Usage = """
        Relay [LEFT RIGHT] [options]
          LEFT RIGHT        the two TUN devices, made if they are not there; without them the relay tries itself out, and ends
          --delay MS        milliseconds on the way (one way)
          --jitter MS       at most so many more
          --loss P          probability that a packet is lost, 0 to 1
          --duplicate P     probability that it arrives twice
          --reorder P       probability that later ones overtake it
          --rate BITS       bits a second, IP headers included
          --queue N         packets that may wait for the rate; more are lost
          --seed N          decides about accidents
        """;

    public (string Left, string Right)? Devices { get; init; }

    public SimulatedLinkOptions Link { get; init; } = new();

    public ulong Seed { get; init; } = 1;

    /// <summary>Reads it.</summary>
    /// <exception cref="ArgumentException">It makes no sense; the message says what and where.</exception>
    public static RelayOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new RelayOptions();
        List<string> devices = [];
        for (int i = 0; i < arguments.Count; i++)
        {
            string name = arguments[i];
            if (!name.StartsWith("--", StringComparison.Ordinal)) devices.Add(name);
            else if (++i == arguments.Count) throw new ArgumentException($"{name} has no value");
            else options = options.With(name, arguments[i]);
        }
        return devices.Count switch
        {
            0 => options,
            2 => options with { Devices = (devices[0], devices[1]) },
            _ => throw new ArgumentException($"a relay has two devices, not {devices.Count}"),
        };
    }

    private RelayOptions With(string name, string value) => name switch
    {
        "--delay" => this with { Link = Link with { Delay = Milliseconds(name, value) } },
        "--jitter" => this with { Link = Link with { Jitter = Milliseconds(name, value) } },
        "--loss" => this with { Link = Link with { Loss = Number(name, value) } },
        "--duplicate" => this with { Link = Link with { Duplicate = Number(name, value) } },
        "--reorder" => this with { Link = Link with { Reorder = Number(name, value) } },
        "--rate" => this with { Link = Link with { BitsPerSecond = (long)Number(name, value) } },
        "--queue" => this with { Link = Link with { QueuePackets = (int)Number(name, value) } },
        "--seed" => this with { Seed = (ulong)Number(name, value) },
        _ => throw new ArgumentException($"there is no option {name}"),
    };

    private static Duration Milliseconds(string name, string value) => new((long)(Number(name, value) * 1e6));

    private static double Number(string name, string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number is >= 0 and < 1e15
            ? number
            : throw new ArgumentException($"{name} takes a number, not '{value}'");
}
