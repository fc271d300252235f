using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using System.Numerics;

namespace Synfin.Cli.CommandLine;

/// <summary>Options whose errors say what is wrong and what would be right.</summary>
internal static class CommandOptions
{
    /// <summary>A switch.</summary>
    public static Option<bool> Switch(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>Any text, as it is.</summary>
    public static Option<string?> Text(string name, string value, string description, bool required = false) =>
        new(name) { Description = description, HelpName = value, Required = required };

    /// <summary>A whole number from <paramref name="minimum"/> to <paramref name="maximum"/>; null if it is not given.</summary>
    public static Option<T?> Number<T>(string name, string value, T minimum, T maximum, string description)
        where T : struct, INumber<T> => new(name)
        {
            Description = description,
            HelpName = value,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                bool isNumber = T.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out T number);
                if (isNumber && number >= minimum && number <= maximum) return number;
                result.AddError($"{name} takes a whole number from {minimum} to {maximum}, not '{text}'");
                return null;
            },
        };

    /// <summary>One of the names of <typeparamref name="T"/>, in lower case.</summary>
    public static Option<T> Choice<T>(string name, string description)
        where T : struct, Enum
    {
        string[] names = [.. Enum.GetNames<T>().Select(n => n.ToLowerInvariant())];
        var option = new Option<T>(name)
        {
            Description = description,
            HelpName = string.Join('|', names),
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                int index = Array.IndexOf(names, text.ToLowerInvariant());
                if (index >= 0) return Enum.GetValues<T>()[index];
                result.AddError($"{name} is one of {string.Join(", ", names)}, not '{text}'{NearestName.Suggestion(text, names)}");
                return default;
            },
        };
        option.CompletionSources.Add(names);
        return option;
    }

    /// <summary>An address with its prefix length, such as 192.0.2.1/24 or 2001:db8::1/64.</summary>
    public static Option<string?> AddressAndPrefix(string name, string description)
    {
        Option<string?> option = Text(name, "A/P", description, required: true);
        option.Validators.Add(result => CheckAddressAndPrefix(name, result));
        return option;
    }

    private static void CheckAddressAndPrefix(string name, OptionResult result)
    {
        if (result.Tokens.Count != 1) return;
        string text = result.Tokens[0].Value;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        bool valid = slash > 0
            && IPAddress.TryParse(text.AsSpan(0, slash), out IPAddress? address)
            && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int prefix)
            && prefix <= address.GetAddressBytes().Length * 8;
        if (!valid) result.AddError($"{name} takes an address and a prefix length such as 192.0.2.1/24, not '{text}'");
    }
}
